/**
 * The page's style sheet. Colours are variables so that one change of them makes the dark page; the contrast of text is at
 * least 4.5 in both.
 */
export const stylesheet = `
:root{--back:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d8dee4;--panel:#f6f8fa;--link:#0550ae;--bar:#3a78bf;
--h0:#eef4fb;--h1:#d6e6f5;--h2:#b9d4ee;--h3:#97bfe5;--h4:#72a6d9;--h5:#4f8bc9;--h6:#3470b3;--h7:#205695;--h8:#113c70}
@media (prefers-color-scheme:dark){:root{--back:#0d1117;--ink:#e6edf3;--soft:#9ba5b0;--line:#2d343d;--panel:#161b22;--link:#79b8ff;--bar:#4f94d8;
--h0:#15202e;--h1:#17304c;--h2:#1b426b;--h3:#21558a;--h4:#2a69a9;--h5:#3c7fc3;--h6:#5c99d8;--h7:#86b7e8;--h8:#b7d5f5}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:3.5rem}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0 auto;padding:0 1.25rem 3rem;max-width:60rem;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif}
p{max-width:44rem;text-wrap:pretty}
header{padding:2.5rem 0 1rem}
h1{margin:0;font-size:2.25rem;line-height:1.15;letter-spacing:-.02em}
header p{margin:.5rem 0 0;color:var(--soft);font-size:1.125rem}
section{padding-top:2rem;margin-top:2rem;border-top:1px solid var(--line)}
section:first-child{padding-top:0;margin-top:1.5rem;border:0}
h2{margin:0 0 .5rem;font-size:1.4rem;line-height:1.25;letter-spacing:-.01em}
h3{margin:2rem 0 .25rem;font-size:1.05rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
main:focus{outline:none}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:.5rem;z-index:2;background:var(--back);padding:.25rem .5rem}
nav{position:sticky;top:0;z-index:1;background:var(--back);border-bottom:1px solid var(--line)}
nav ul{display:flex;gap:1.25rem;margin:0;padding:.6rem 0;list-style:none;overflow-x:auto;white-space:nowrap;scrollbar-width:thin;font-size:.9rem}
nav a{text-decoration:none}
nav a:hover{text-decoration:underline}
.tiles{display:grid;grid-template-columns:repeat(2,1fr);gap:.75rem;margin:1rem 0}
@media (min-width:44rem){.tiles{grid-template-columns:repeat(4,1fr)}}
.tiles div{display:flex;flex-direction:column-reverse;justify-content:flex-end;padding:.75rem 1rem;background:var(--panel);border:1px solid var(--line);border-radius:.5rem}
.tiles dt{color:var(--soft);font-size:.85rem;line-height:1.3}
.tiles dd{margin:0;font-size:1.75rem;font-weight:600;line-height:1.25;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
figure{margin:1rem 0}
figcaption{margin:0 0 .5rem;color:var(--soft);font-size:.9rem}
.scroll{overflow-x:auto}
svg{display:block;width:100%;overflow:visible;font:12px system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
svg text{fill:var(--ink)}
svg .tick,svg .unit{fill:var(--soft)}
svg .over{paint-order:stroke;stroke:var(--back);stroke-width:3px}
svg .upright{transform-box:fill-box;transform-origin:0 100%;transform:translateX(4px) rotate(-90deg)}
@media (max-width:44rem){svg .spare{display:none}}
svg .initials{font-weight:600}
svg .grid{stroke:var(--line);stroke-width:1}
svg .axis{stroke:var(--soft);stroke-width:1}
svg .bar{fill:var(--bar)}
svg .partial{opacity:.55}
svg .blank{fill:none;stroke:var(--soft);stroke-width:.6;stroke-dasharray:2 2}
svg .spin{fill:none;stroke:var(--bar);stroke-width:1.5;vector-effect:non-scaling-stroke}
.station{margin-top:1.5rem}
svg .rest{fill:var(--panel);stroke:var(--line)}
svg .face{fill:var(--panel);stroke:var(--line)}
.picture{width:100%;height:100%;border-radius:50%;background-size:cover;background-position:center}
[class^=h]{stroke:var(--back)}
.h0{fill:var(--h0)}.h1{fill:var(--h1)}.h2{fill:var(--h2)}.h3{fill:var(--h3)}.h4{fill:var(--h4)}.h5{fill:var(--h5)}.h6{fill:var(--h6)}.h7{fill:var(--h7)}.h8{fill:var(--h8)}
details{margin-top:.25rem}
summary{width:fit-content;cursor:pointer;color:var(--link);font-size:.9rem}
table{border-collapse:collapse;margin:.5rem 0;font-size:.9rem}
caption,.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{padding:.35rem 1.25rem .35rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400}
thead th{color:var(--soft);font-size:.8rem;font-weight:600;white-space:nowrap}
.n{text-align:right;font-variant-numeric:tabular-nums}
code{font:.85rem ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.9rem}
footer dl{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:0}
footer dl div{display:flex;gap:.5rem}
footer dd{margin:0;overflow-wrap:anywhere}
label{display:flex;flex-direction:column;gap:.15rem;color:var(--soft);font-size:.8rem}
input,select,button{font:inherit;font-size:.95rem;color:var(--ink);background:var(--back);border:1px solid var(--soft);border-radius:.35rem;padding:.35rem .6rem;min-height:2.4rem;max-width:100%}
button{cursor:pointer}
.sort{border:0;padding:0;min-height:0;color:inherit;background:none;font:inherit;text-align:inherit;white-space:nowrap}
.sort:hover{text-decoration:underline}
.sort::after{content:"";display:inline-block;width:.9em;text-align:right}
[aria-sort=ascending] .sort::after{content:"▲"/""}
[aria-sort=descending] .sort::after{content:"▼"/""}
.choices{display:flex;flex-wrap:wrap;gap:.75rem 1rem;align-items:end}
.choices label:has([type=search]){flex:1 1 12rem}
.crumbs{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:1rem 0 0;padding:0;list-style:none;font-size:.9rem}
#browse h3{margin-top:1rem;font-size:1.2rem}
#browse h4{margin:1.5rem 0 0;font-size:1rem}
.pair{display:grid;gap:0 2rem}
@media (min-width:44rem){.pair{grid-template-columns:1fr 1fr}}
svg.bars{height:5rem;overflow:hidden;border-bottom:1px solid var(--soft)}
#browse-card{position:absolute;z-index:3;max-width:min(22rem,calc(100vw - 1rem));padding:.6rem .8rem;background:var(--panel);color:var(--ink);border:1px solid var(--soft);border-radius:.5rem;font-size:.875rem;line-height:1.4;overflow-wrap:anywhere}
#browse-card p{margin:.15rem 0 0}
[hidden]{display:none!important}
.paper{display:none}
@media print{
:root{--back:#fff;--ink:#000;--soft:#444;--line:#bbb;--panel:#f4f4f4;--link:#000;--bar:#2f6fb5;
--h0:#eef4fb;--h1:#d6e6f5;--h2:#b9d4ee;--h3:#97bfe5;--h4:#72a6d9;--h5:#4f8bc9;--h6:#3470b3;--h7:#205695;--h8:#113c70}
html{font-size:9pt}
*{print-color-adjust:exact}
body{max-width:none;padding:0;font-size:9pt}
header{padding-top:0}
nav,details,.skip,.offpaper,#browse,#browse-card{display:none!important}
.paper{display:block}
.sort::after{display:none!important}
header,section,section:first-child{padding-top:.5rem;margin-top:.5rem}
h1{font-size:16pt}
h2{font-size:12pt}
h3{margin-top:.5rem;font-size:10pt}
p,ul,figure{margin:.3rem 0}
.tiles{grid-template-columns:repeat(8,1fr);gap:.3rem;margin:.3rem 0}
.tiles div{padding:.2rem .4rem}
.tiles dd{font-size:11pt}
.tiles dt{font-size:7pt}
table{font-size:8pt}
th,td{padding:1px .6rem 1px 0}
code{font-size:7pt}
.scroll{overflow:visible}
main{columns:2;column-gap:8mm}
#summary,#stations,#quality,#names,#own,#credits{column-span:all}
.station{display:inline-block;width:48%;margin:0 1% 0 0;vertical-align:top}
svg{zoom:.85}
svg .spare{display:none}
figure,tr,.tiles div,#station-0,#station-1{break-inside:avoid}
h2,h3,figcaption{break-after:avoid}
}
`
