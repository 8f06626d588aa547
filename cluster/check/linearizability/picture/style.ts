/** The look of the page, light and dark, with nothing fetched from anywhere. */

export const pageStyle = `
:root{color-scheme:light dark;--text:#1b1f24;--soft:#57606a;--page:#fff;--line:#d0d7de;--effect:#dbeafe;--effect-line:#1d4ed8;--none:#eef0f2;--none-line:#6e7781;--culprit:#fee2e2;--culprit-line:#b91c1c}
@media (prefers-color-scheme:dark){:root{--text:#e6edf3;--soft:#9198a1;--page:#0d1117;--line:#30363d;--effect:#172554;--effect-line:#93c5fd;--none:#21262d;--none-line:#9198a1;--culprit:#450a0a;--culprit-line:#fca5a5}}
body{margin:2rem;font:15px/1.5 system-ui,sans-serif;color:var(--text);background:var(--page);max-width:100%}
h1{font-size:1.3rem}h2{font-size:1.05rem;margin-top:2rem}
.summary{font-size:1.05rem}.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px}
svg{display:block;font:12px ui-monospace,monospace}
.lane line{stroke:var(--line)}.lane text{fill:var(--soft);font-family:system-ui,sans-serif}
.bar text{fill:var(--text)}.bar rect{stroke-width:1.5}.bar:hover rect,.bar:focus rect{stroke-width:3}.bar:focus{outline:none}
.effect rect{fill:var(--effect);stroke:var(--effect-line)}.none rect{fill:var(--none);stroke:var(--none-line)}
.culprit rect{fill:var(--culprit);stroke:var(--culprit-line);stroke-width:2.5}.open rect{stroke-dasharray:5 4}
.legend{color:var(--soft)}.key{display:inline-block;width:1.4em;height:.9em;margin:0 .2em 0 .8em;border:1.5px solid;border-radius:3px;vertical-align:middle}
.key.effect{background:var(--effect);border-color:var(--effect-line)}.key.none{background:var(--none);border-color:var(--none-line)}
.key.culprit{background:var(--culprit);border-color:var(--culprit-line)}.key.open{border-style:dashed;border-color:var(--none-line)}
code{font-family:ui-monospace,monospace}table{border-collapse:collapse}th,td{text-align:left;padding:.3rem .8rem;border-bottom:1px solid var(--line)}
tr.culprit td{background:var(--culprit)}
`;
