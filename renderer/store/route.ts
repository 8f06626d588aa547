/** Where in the console one is: the fragment of the address, so that back, forward and links work. */

export type Route =
  | { readonly screen: 'overview'; readonly member: number | null }
  | { readonly screen: 'znodes'; readonly path: string }
  | { readonly screen: 'log'; readonly index: number | null; readonly member: number | null };
export type Screen = Route['screen'];

export const overviewRoute: Route = { screen: 'overview', member: null };
export const logRoute: Route = { screen: 'log', index: null, member: null };

/** Reads a fragment such as `#/znodes/a/b`; what is no address of the console is the Overview. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const [screen, ...rest] = path.split('/').filter(Boolean);
  const search = new URLSearchParams(query);
  switch (screen) {
    case 'znodes':
      return { screen: 'znodes', path: `/${rest.map(decode).join('/')}` };
    case 'log':
      return { screen: 'log', index: positive(search.get('index')), member: positive(search.get('member')) };
    default:
      return { screen: 'overview', member: positive(search.get('member')) };
  }
}

/** The fragment of a route, with its `#`. */
export function routeHash(route: Route): string {
  switch (route.screen) {
    case 'overview':
      return `#/overview${query({ member: route.member })}`;
    case 'znodes':
      return `#/znodes${route.path === '/' ? '' : route.path.split('/').map(encodeURIComponent).join('/')}`;
    case 'log':
      return `#/log${query({ index: route.index, member: route.member })}`;
  }
}

function query(values: Readonly<Record<string, number | null>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== null) search.set(name, String(value));
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

function positive(text: string | null): number | null {
  return text !== null && /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : null;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray % typed by hand: taken as it stands.
    return part;
  }
}
