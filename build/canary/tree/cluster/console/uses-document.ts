// Broken on purpose: a Node folder touches the page.
export const title = document.title;
