/**
 * The page's style sheet. Colours are variables so that one change of them makes the dark page; the contrast of text is at
 * least 4.5 in both.
 */
export const stylesheet = `
:root{--back:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--panel:#f6f8fa;--link:#0550ae;--bar:#2f6fb5;
--h0:#eef4fb;--h1:#d6e6f5;--h2:#b9d4ee;--h3:#97bfe5;--h4:#72a6d9;--h5:#4f8bc9;--h6:#3470b3;--h7:#205695;--h8:#113c70}
@media (prefers-color-scheme:dark){:root{--back:#0d1117;--ink:#e6edf3;--soft:#9ba5b0;--line:#343b44;--panel:#161b22;--link:#79b8ff;--bar:#4f94d8;
--h0:#15202e;--h1:#17304c;--h2:#1b426b;--h3:#21558a;--h4:#2a69a9;--h5:#3c7fc3;--h6:#5c99d8;--h7:#86b7e8;--h8:#b7d5f5}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0 auto;padding:0 1rem 3rem;max-width:60rem;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif}
header{padding:2rem 0 .5rem}
h1{margin:0;font-size:2rem;line-height:1.2}
header p{margin:.25rem 0 0;color:var(--soft)}
h2{margin:2.5rem 0 .5rem;font-size:1.3rem}
h3{margin:1.5rem 0 .5rem;font-size:1.05rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
main:focus{outline:none}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:.5rem;background:var(--back);padding:.25rem .5rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:1rem 0;padding:.75rem 0;list-style:none;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin:1rem 0}
.tiles div{display:flex;flex-direction:column-reverse;justify-content:flex-end;padding:.75rem 1rem;background:var(--panel);border:1px solid var(--line);border-radius:.5rem}
.tiles dt{color:var(--soft);font-size:.85rem;line-height:1.3}
.tiles dd{margin:0;font-size:1.6rem;font-variant-numeric:tabular-nums}
figure{margin:1rem 0 2rem}
figcaption{margin-top:.25rem;color:var(--soft);font-size:.9rem}
.scroll{overflow-x:auto}
svg{display:block;width:100%;min-width:36rem;height:auto;font:12px system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif}
svg text{fill:var(--ink)}
svg .tick,svg .unit{fill:var(--soft)}
svg .tick{font-size:11px}
svg .initials{font-size:11px;font-weight:600}
svg .grid{stroke:var(--line);stroke-width:1}
svg .axis{stroke:var(--soft);stroke-width:1}
svg .bar{fill:var(--bar)}
svg .rest{fill:var(--panel);stroke:var(--line)}
svg .face{fill:var(--panel);stroke:var(--line)}
.picture{width:100%;height:100%;border-radius:50%;background-size:cover;background-position:center}
.h0{fill:var(--h0)}.h1{fill:var(--h1)}.h2{fill:var(--h2)}.h3{fill:var(--h3)}.h4{fill:var(--h4)}.h5{fill:var(--h5)}.h6{fill:var(--h6)}.h7{fill:var(--h7)}.h8{fill:var(--h8)}
details{margin-top:.5rem}
summary{cursor:pointer;color:var(--link);font-size:.9rem}
table{border-collapse:collapse;margin:.75rem 0;font-size:.9rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400}
thead th{font-weight:600;white-space:nowrap}
.n{text-align:right;font-variant-numeric:tabular-nums}
code{font:.85rem ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.9rem}
footer dl{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:0}
footer dl div{display:flex;gap:.5rem}
footer dd{margin:0;overflow-wrap:anywhere}
@media print{
:root{--back:#fff;--ink:#000;--soft:#444;--line:#bbb;--panel:#f4f4f4;--link:#000;--bar:#2f6fb5;
--h0:#eef4fb;--h1:#d6e6f5;--h2:#b9d4ee;--h3:#97bfe5;--h4:#72a6d9;--h5:#4f8bc9;--h6:#3470b3;--h7:#205695;--h8:#113c70}
*{print-color-adjust:exact}
body{max-width:none;font-size:11pt}
nav,summary,.skip{display:none}
svg{min-width:0}
.scroll{overflow:visible}
figure>.scroll,tr,.tiles div{break-inside:avoid}
h2,h3{break-after:avoid}
details::details-content{content-visibility:visible;display:block;height:auto}
}
`
