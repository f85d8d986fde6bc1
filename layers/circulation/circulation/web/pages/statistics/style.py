"""The look of the pages of statistics; percents are classes, as the policy allows no style."""

from circulation.web.pages.statistics.article_style import ARTICLE_STYLE

# A band's fill alone is below 3:1 beside paper, so it has edges; text is 5.2:1 or more on every
# ground, in both schemes.
_LIGHT = """color-scheme:light;--paper:#fffefc;--tint:#f6f3ed;--ink:#1d1b19;--soft:#5c5852;
--line:#dad5cb;--edge:#857e72;--accent:#96201b;--on-accent:#fffefc;--data:#1c5a78;--data2:#648fa3;
--band:#e4ded1;--grid:#ece8e0;--notice:#fdf5df;--notice-edge:#8a6100;--bad:#fbeae7"""
_DARK = """color-scheme:dark;--paper:#161617;--tint:#202022;--ink:#e9e6e1;--soft:#b3aea6;
--line:#3b3a3c;--edge:#85817a;--accent:#ff9c8e;--on-accent:#1d0d0b;--data:#8ac6e6;--data2:#5d8ba3;
--band:#333539;--grid:#29292b;--notice:#2b2410;--notice-edge:#d2a53a;--bad:#331b18"""

_GROUND = f"""
:root{{{_LIGHT};
--serif:Georgia,Cambria,"Noto Serif","Noto Naskh Arabic","Times New Roman",serif;
--sans:-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic",sans-serif;
--mono:Menlo,Consolas,"Noto Sans Mono",monospace}}
@media screen and (prefers-color-scheme:dark){{:root{{{_DARK}}}}}
*,::before,::after{{box-sizing:border-box}}
html{{background:var(--paper);text-size-adjust:100%;-webkit-text-size-adjust:100%}}
body{{max-inline-size:80rem;margin:0 auto;padding-inline:clamp(1rem,4vw,2.5rem);
background:var(--paper);color:var(--ink);font:1rem/1.5 var(--sans);overflow-wrap:anywhere}}
"""

_TEXT = """
h1,h2,h3{margin:0;font-family:var(--serif);line-height:1.2;text-wrap:balance}
h1:focus{outline:0}
h2{font-size:1.375rem}
h3,.sub{margin-block-end:.375rem;font:700 1rem/1.3 var(--sans)}
p{margin:0;text-wrap:pretty}
a{color:var(--accent);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
[hidden]{display:none!important}
html:not(.js) .js{display:none!important}
.vh{position:absolute;clip-path:inset(50%);inline-size:1px;block-size:1px;overflow:hidden;
white-space:nowrap}
.skip{position:absolute;inset-block-start:.75rem;padding:.5rem 1rem;background:var(--paper);
z-index:9}
.skip:not(:focus){clip-path:inset(50%)}
.soft{color:var(--soft)}
.note{max-inline-size:65ch;color:var(--soft);font-size:.875rem}
.row{display:flex;flex-wrap:wrap;gap:.5rem 1rem;margin:0;padding:0;list-style:none}
[dir=rtl]:lang(en) :is(h1,h2,h3,p,dt,dd,small,th,td,label,summary,.readout,.x,.y,.ch,.status span,
.marks span:not(.flag),.legend span){unicode-bidi:plaintext;text-align:right}
[dir=rtl]:lang(en) :is(.num,dd,.v){text-align:left}
"""

_CONTROLS = """
button,.button,input,select{font:inherit}
button,.button{display:inline-flex;align-items:center;justify-content:center;gap:.5rem;
min-block-size:2.75rem;padding:.375rem 1rem;border:1px solid var(--edge);border-radius:2px;
background:var(--paper);color:var(--ink);text-decoration:none;cursor:pointer}
button:hover,.button:hover{border-color:var(--ink);background:var(--tint)}
.primary,.primary:hover{border-color:var(--accent);background:var(--accent);
color:var(--on-accent);font-weight:600}
.primary:hover{text-decoration:underline}
.quiet{min-block-size:2.25rem;padding:.125rem .625rem;border-color:transparent;background:none;
font-size:.875rem}
.quiet[data-save]{justify-content:start;padding-inline:0;color:var(--accent);
text-decoration:underline;text-underline-offset:.15em}
.quiet[aria-pressed=true]{border-color:var(--ink);font-weight:700}
input:where([type=search],[type=password],[type=date]),select{inline-size:100%;
min-block-size:2.75rem;padding:.375rem .75rem;border:1px solid var(--edge);border-radius:2px;
background:var(--paper);color:var(--ink)}
input[aria-invalid=true]{border:2px solid var(--accent)}
input[type=checkbox]{inline-size:1.125rem;block-size:1.125rem;margin:0;accent-color:var(--accent)}
.err{color:var(--accent)}
.err::before{content:"\\26A0\\00A0"}
kbd{display:inline-block;min-inline-size:1.5em;padding:0 .375em;border:1px solid var(--edge);
border-radius:3px;font:.8125rem/1.5 var(--mono);text-align:center}
dialog{inline-size:calc(100% - 2rem);max-inline-size:34rem;padding:1.5rem;
border:1px solid var(--ink);background:var(--paper);color:var(--ink)}
dialog::backdrop{background:rgb(0 0 0/.45)}
dialog form{display:grid;gap:1rem;justify-items:start}
dialog label{display:flex;gap:.625rem;align-items:center}
.keys{display:grid;grid-template-columns:auto 1fr;gap:.5rem 1.25rem;margin:1rem 0}
.keys dt{display:flex;gap:.25rem;align-items:start}
.keys dd{margin:0}
"""

_TOP = """
.masthead{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;
padding-block:1.25rem .75rem}
.brand{font:700 1.75rem/1.15 var(--serif)}
.brand a{color:inherit;text-decoration:none}
.tool{color:var(--soft);font:1.125rem/1.2 var(--serif)}
.tool a{color:inherit}
.status{display:flex;align-items:center;gap:.5rem;margin-inline-start:auto;color:var(--soft);
font-size:.875rem;font-variant-numeric:tabular-nums}
.pulse{inline-size:.625rem;block-size:.625rem;border:2px solid var(--data);border-radius:50%;
background:var(--data)}
:is([data-state=stale],[data-state=paused]) .pulse{border-color:var(--soft);background:none}
.status [data-in]{display:none}
[data-state=live] [data-in~=live],[data-state=stale] [data-in~=stale],
[data-state=paused] [data-in~=paused],[data-state=loading] [data-in~=loading],
[data-state=past] [data-in~=past]{display:revert}
[data-state=past] .pulse,[data-state=plain] .status{display:none}
.sections{border-block:1px solid var(--line);border-block-start:3px double var(--ink)}
.sections ul{display:flex;gap:0 1.5rem;margin:0;padding:0;list-style:none;overflow-x:auto;
scrollbar-width:none}
.sections a{display:block;padding-block:.625rem;border-block:3px solid transparent;color:inherit;
font-weight:600;text-decoration:none;white-space:nowrap}
.sections a:hover{color:var(--accent)}
.sections [aria-current]{border-block-end-color:var(--accent);color:var(--accent)}
.sections :focus-visible{outline-offset:-3px}
.range{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1rem;padding-block:.75rem;
font-size:.9375rem}
.seg{display:flex;margin:0;padding:0;list-style:none}
.seg a{display:flex;align-items:center;min-block-size:2.25rem;padding:0 .875rem;
border:1px solid var(--edge);border-inline-start-width:0;color:inherit;text-decoration:none}
.seg li:first-child a{border-inline-start-width:1px}
.seg a:hover{background:var(--tint)}
.seg a[aria-current]{border-color:var(--ink);background:var(--ink);color:var(--paper);
font-weight:600}
.step{display:flex;align-items:center;gap:.25rem}
.step>:is(a,span){display:grid;place-items:center;inline-size:2.25rem;block-size:2.25rem;
border:1px solid transparent;color:inherit;text-decoration:none}
.step>a:hover{border-color:var(--edge)}
.step>span{color:var(--soft)}
[dir=rtl] .arrow{display:inline-block;transform:scaleX(-1)}
.pop{position:relative}
.pop>summary{display:inline-flex;align-items:center;gap:.5rem;min-block-size:2.25rem;
padding:0 .75rem;border:1px solid var(--edge);cursor:pointer;list-style:none}
.pop>summary::-webkit-details-marker{display:none}
.pop>summary::after{content:"▾";font-size:.75em}
.pop>summary:hover{background:var(--tint)}
.sheet{position:absolute;z-index:5;inset-inline-start:0;inset-block-start:calc(100% + .25rem);
display:grid;gap:1rem;inline-size:min(26rem,calc(100vw - 2rem));padding:1.25rem;
border:1px solid var(--ink);background:var(--paper)}
.two{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}
.two label{display:grid;gap:.25rem;font-size:.875rem}
.compare{display:flex;gap:.5rem;align-items:center}
.compare select{inline-size:auto;max-inline-size:16rem;min-block-size:2.25rem;
padding:0 .5rem;font-size:.9375rem}
.end{display:flex;gap:.25rem;margin-inline-start:auto}
.short{display:none}
"""

_BLOCKS = """
.kicker{color:var(--accent);font:700 .9375rem/1.5 var(--sans)}
.top,.blank{margin-block-start:1.5rem}
.top{display:grid;gap:2rem 3rem}
.top>*{min-inline-size:0}
@media (min-width:60rem){.top{grid-template-columns:1fr 21rem}}
.lead{padding-block-end:1.75rem}
.lead h1{max-inline-size:27ch;margin-block:.25rem .625rem;
font-size:clamp(1.75rem,1.2rem + 2.2vw,2.75rem);line-height:1.14}
.lead p:not(.kicker,.note){max-inline-size:62ch;font:1.125rem/1.5 var(--serif)}
.lead p a{color:inherit}
.lead .note{margin-block-start:.625rem}
.aside{display:grid;gap:1.5rem;align-content:start}
.side{padding:1.25rem 1.375rem 1.375rem;background:var(--tint);--grid:var(--line)}
.big{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 .75rem;margin-block:.5rem .25rem}
.big b{font:700 3.5rem/1 var(--serif);font-variant-numeric:lining-nums tabular-nums}
.facts{margin:0;border-block-start:2px solid var(--ink)}
.facts>div{display:grid;grid-template-columns:1fr auto;gap:0 1rem;align-items:baseline;
padding-block:.5rem;border-block-end:1px solid var(--line)}
.facts dt{font-size:.9375rem}
.facts dd{display:contents}
.facts dd b{font:700 1.25rem/1.25 var(--serif);font-variant-numeric:lining-nums;text-align:end}
.facts small{grid-column:1/-1;color:var(--soft);font-size:.8125rem}
.group{margin-block-start:2.5rem;padding-block-start:.875rem;
border-block-start:2px solid var(--ink)}
.h{display:flex;flex-wrap:wrap;align-items:baseline;gap:.25rem 1.25rem;margin-block-end:.5rem}
.h .note{max-inline-size:none}
.find{display:flex;align-items:center;gap:.5rem;margin-inline-start:auto;font-size:.875rem}
.find input{inline-size:17rem;min-block-size:2.25rem;font-size:.9375rem}
.movers{margin:0;padding:0;list-style:none;counter-reset:rank;columns:3 19rem;column-gap:2.5rem}
.movers li{display:grid;grid-template-columns:1.75rem 1fr auto;gap:0 .625rem;break-inside:avoid;
padding-block:.625rem;border-block-end:1px solid var(--line);counter-increment:rank}
.movers li::before{content:counter(rank);color:var(--accent);font:700 1.25rem/1.2 var(--serif)}
:is(.movers,.t) a{color:inherit;font:1.0625rem/1.3 var(--serif);text-decoration:none}
:is(.movers,.t) a:hover{color:var(--accent);text-decoration:underline}
:is(.movers,.t) small{display:block;margin-block-start:.125rem;color:var(--soft);
font-size:.8125rem}
.v{text-align:end;font-variant-numeric:tabular-nums}
.v b{display:block;font-size:1.0625rem;line-height:1.3}
.v .ch{font-size:.8125rem}
.three,.six{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr));
gap:2rem 3rem}
:is(.three,.six,.uneven)>*{min-inline-size:0}
.six{gap:1.75rem 2.5rem}
.six table{font-size:.875rem}
.uneven{display:grid;gap:2rem 3rem}
@media (min-width:60rem){.uneven{grid-template-columns:5fr 4fr 4fr}}
:is(.three,.uneven)+:is(.three,.uneven){margin-block-start:2rem}
.banner{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:center;margin-block-start:1rem;
padding:.875rem 1.25rem;border:1px solid var(--notice-edge);border-inline-start-width:6px;
background:var(--notice)}
.banner p{flex:1 1 22rem}
.blank{max-inline-size:44rem;padding-block:2.5rem 3rem}
.blank h1{margin-block:.25rem .75rem;font-size:clamp(1.75rem,1.2rem + 2.2vw,2.5rem)}
.blank>*+*{margin-block-start:.75rem}
.blank pre{margin-block-end:0;padding:.875rem 1rem;background:var(--tint);
font:.875rem/1.5 var(--mono);white-space:pre-wrap}
.blank form{display:grid;gap:.5rem;max-inline-size:26rem;justify-items:start}
.ghost{min-block-size:25rem;background:var(--tint)}
.colophon{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.5rem 2rem;
margin-block-start:3rem;padding-block:1.25rem;border-block-start:3px double var(--ink);
color:var(--soft);font-size:.875rem}
.colophon>p{flex:1 1 30rem;max-inline-size:75ch}
"""

_CHARTS = """
.chart{margin:0}
.legend{display:flex;flex-wrap:wrap;gap:.125rem 1.25rem;align-items:center;color:var(--soft);
font-size:.875rem}
.legend span{display:inline-flex;align-items:center;gap:.5rem}
.legend i{inline-size:1.5rem;border-block-start:3px solid var(--data)}
.legend .l-usual{border-block-start:2px dashed var(--soft)}
.legend :is(.l-sofar,.l-band,.l-light,.l-strong){block-size:.75rem;border:0}
.legend .l-sofar{border:1.5px dashed var(--data)}
.legend .l-band{background:var(--band);outline:1px solid var(--edge);outline-offset:-1px}
.legend .l-light{background:var(--data2)}
.legend .l-strong{background:var(--data)}
.readout{display:block;min-block-size:1.5em;margin-block-end:.25rem;font-size:.9375rem;
font-variant-numeric:tabular-nums}
.plot{position:relative;margin-block-start:1.25rem}
.plot.tall{block-size:17rem}
.plot.mid{block-size:9rem}
.plot.low{block-size:5.5rem;margin-block-start:.25rem}
.c{display:block;inline-size:100%;block-size:100%;overflow:visible}
[dir=rtl] .c{transform:scaleX(-1)}
.c path{fill:none;stroke-linecap:round;stroke-linejoin:round;vector-effect:non-scaling-stroke}
.c .grid{stroke:var(--grid);stroke-width:1}
.c .band{fill:var(--band)}
.c .edge{stroke:var(--edge);stroke-width:.75}
.c .sofar{stroke:var(--data);stroke-width:1.5;stroke-dasharray:3 3}
.c .usual{stroke:var(--soft);stroke-width:1.5;stroke-dasharray:5 4}
.c .under{stroke:var(--paper);stroke-width:4.5;stroke-linecap:butt}
.c .now{stroke:var(--data);stroke-width:2.5}
.c .tip{stroke:var(--data);stroke-width:8}
.c .fill{fill:var(--data);opacity:.13}
.c .bar{fill:var(--data2)}
.c .strong{fill:var(--data)}
.c .mark{stroke:var(--accent);stroke-width:1;stroke-dasharray:2 3}
.spark .now{stroke-width:1.5}
.spark .tip{stroke-width:5}
.walk{position:absolute;inset:0;inline-size:100%;block-size:100%;margin:0;opacity:0;
cursor:crosshair;touch-action:pan-y}
html:not(.js) .walk{display:none}
.cursor{position:absolute;inset-block:0;inline-size:0;border-inline-start:1px solid var(--ink);
pointer-events:none;visibility:hidden}
.plot:is(:hover,:focus-within) .cursor{visibility:visible}
.plot:has(.walk:focus-visible){outline:3px solid var(--accent);outline-offset:4px}
.xs{position:relative;block-size:1.5rem;border-block-start:1px solid var(--ink);
color:var(--soft);font-size:.8125rem}
.xs .x{position:absolute;inset-block-start:.25rem;transform:translateX(-50%);white-space:nowrap}
[dir=rtl] .xs .x{transform:translateX(50%)}
.xs .x.s,.xs .x.at100{transform:none}
.xs .x.at100{inset-inline:auto 0}
.y{position:absolute;inset-inline-start:0;padding-inline-end:.25rem;color:var(--soft);
background:linear-gradient(transparent 30%,var(--paper) 30%);font-size:.8125rem;line-height:1.1;
white-space:nowrap}
.side .y{background:none}
.y1{inset-block-end:22%}
.y2{inset-block-end:44%}
.y3{inset-block-end:66%}
.y4{inset-block-end:88%}
.flag{position:absolute;inset-block-start:-1.25rem;transform:translateX(-50%);
min-inline-size:1.25rem;block-size:1.25rem;padding-inline:.25rem;border-radius:.625rem;
background:var(--accent);color:var(--on-accent);font:700 .75rem/1.25rem var(--sans);
text-align:center;white-space:nowrap}
[dir=rtl] .flag{transform:translateX(50%)}
.marks li{display:grid;grid-template-columns:1.25rem auto 1fr;gap:0 .625rem;align-items:baseline}
.marks .flag{position:static;transform:none}
.marks{display:grid;gap:.375rem;margin:.75rem 0 0;padding:0;list-style:none;font-size:.875rem}
.numbers{margin-block-start:.75rem;font-size:.875rem}
.numbers summary{display:inline-block;padding-block:.25rem;color:var(--accent);
text-decoration:underline;text-underline-offset:.15em;cursor:pointer}
.scroll{max-block-size:20rem;margin-block:.5rem;overflow:auto}
[data-state=stale] :is(.now,.tip){stroke:var(--soft)}
[data-state=stale] .bar{fill:var(--edge)}
[data-state=stale] .big b{color:var(--soft)}
"""

_TABLES = """
table{border-collapse:collapse;inline-size:100%}
th,td{padding:.375rem .5rem;text-align:start;vertical-align:baseline}
:is(th,td):first-child{padding-inline-start:0}
:is(th,td):last-child{padding-inline-end:0}
.num{text-align:end;font-variant-numeric:tabular-nums lining-nums;white-space:nowrap}
thead th{border-block-end:1px solid var(--ink);color:var(--soft);font-size:.8125rem;
font-weight:600}
tbody :is(th,td){border-block-end:1px solid var(--line)}
tbody th{font-weight:400}
.barlist{font-size:.9375rem}
.barlist tbody th{position:relative;inline-size:99%}
.barlist tbody :is(th,td){padding-block:.4375rem}
.barlist .rule{position:absolute;inset-block-end:-1px;inset-inline-start:0;
border-block-end:3px solid var(--data)}
.barlist a{color:inherit}
.ch{color:var(--soft);font-variant-numeric:tabular-nums;white-space:nowrap}
.ch>[aria-hidden]{font-size:.75em}
.ch.up{color:var(--ink);font-weight:600}
.up>[aria-hidden]{color:var(--data)}
.articles th a{display:inline-block;padding-block:.25rem;color:inherit;text-decoration:none}
.articles th a span{font-size:.75em}
.articles th a:hover{text-decoration:underline}
.articles th[aria-sort] a{color:var(--ink);font-weight:700}
.articles>tbody>tr>*{vertical-align:middle}
.articles .t{inline-size:46%;padding-block:.625rem}
.js .t>div{display:grid;grid-template-columns:2rem 1fr;gap:0 .375rem}
.t small{grid-column:2}
.open{grid-row:span 2;inline-size:1.75rem;min-block-size:1.75rem;padding:0;
border-color:transparent;color:var(--soft);font-size:1.125rem}
.open::before{content:"▸"}
[dir=rtl] .open::before{content:"◂"}
.open[aria-expanded=true]::before{content:"▾"}
.articles .s{inline-size:11rem}
.articles .s .c{block-size:2rem}
.total{font-size:1.0625rem;font-weight:700}
.more{--paper:var(--tint)}
.more>td{padding:1.25rem 1.375rem 1.5rem!important;background:var(--tint)}
"""

_NARROW = """
@media screen and (max-width:48rem){
.masthead{gap:0 1rem;padding-block:.75rem .25rem}
.brand{font-size:1.375rem}
.tool{font-size:1rem}
.status{inline-size:100%;margin:0}
.status button{margin-inline-start:auto}
.long,.end{display:none}
.short{display:revert}
.range{gap:.5rem .75rem;font-size:.875rem}
.compare select{max-inline-size:12.5rem}
.sheet{position:fixed;inset:auto 1rem 1rem;inline-size:auto;max-block-size:80vh;overflow:auto}
.find,.find input{inline-size:100%}
.find kbd,.minor{display:none}
.ch{white-space:normal}
.plot.tall{block-size:13rem}
.readout{min-block-size:3em}
.side .readout,.more .readout{min-block-size:1.5em}
.articles,.articles>:is(thead,tbody){display:block}
.articles>thead>tr{display:flex;flex-wrap:wrap;gap:0 1rem;border-block-end:1px solid var(--ink)}
.articles>thead th{padding-inline:0;border:0}
.articles>thead .nosort{display:none}
.articles>tbody>tr{display:grid;grid-template-columns:1fr 4rem 5.5rem;gap:0 1rem;
align-items:center;padding-block-end:.625rem;border-block-end:1px solid var(--line)}
.articles>tbody>tr>*{padding:0;border:0}
.articles>tbody .t{grid-column:1/-1;inline-size:auto;padding-block:.625rem .375rem}
.articles>tbody .s{inline-size:auto;margin-inline-start:2.375rem}
.articles .least{display:none}
.articles>tbody>.more{display:block;padding:0}
}
"""

_FORCED = """
@media (forced-colors:active){
:root{--ink:CanvasText;--paper:Canvas;--tint:Canvas;--soft:CanvasText;--line:GrayText;
--edge:CanvasText;--data:CanvasText;--data2:GrayText;--band:Canvas;--grid:Canvas;
--accent:LinkText;--on-accent:Canvas;--bad:Canvas;--notice:Canvas}
.sections a:not([aria-current]){border-color:Canvas}
.seg [aria-current]{background:Highlight;color:HighlightText;forced-color-adjust:none}
.c,.legend i{forced-color-adjust:none}
.flag{background:CanvasText;color:Canvas;forced-color-adjust:none}
}
"""

_PRINT = """
@media print{
@page{margin:14mm 10mm}
:root{color-scheme:light;--paper:#fff;--tint:#fff;--ink:#000;--soft:#333;--line:#999;
--edge:#666;--grid:#ccc;--accent:#000;--on-accent:#fff;--data:#000;--data2:#888;--band:#ddd}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{max-inline-size:none;padding:0 4mm;font-size:9.5pt}
.skip,.status button,.pulse,.find,.end,.step>:is(a,span),.sheet,.compare button,.numbers,.walk,
.cursor,.open,.button,.banner{display:none!important}
.pop>summary::after{content:none}
.pop>summary,.compare select{padding:0;border:0;background:none;appearance:none;color:#000}
.seg li:not(:has([aria-current])){display:none}
.seg a[aria-current]{padding:0;border:0;background:none;color:#000}
.lead{padding-block-end:8pt}
.lead h1{font-size:20pt}
.lead p:not(.kicker,.note){font-size:11pt}
.top{grid-template-columns:1fr 2.2in}
.side{padding:0}
.big b{font-size:26pt}
.plot.tall{block-size:1.9in}
.plot.low{block-size:.7in}
.movers{columns:3;column-gap:16pt}
.movers li{grid-template-columns:20pt 1fr auto;padding-block:3pt}
:is(.movers,.t) a{font-size:9.5pt}
:is(.movers,.t) small,.v .ch,.note{font-size:7.5pt}
.group{margin-block-start:14pt}
.h,.h+:is(p,.seg),.seg+p,h3{break-after:avoid}
tr,figure,.group>section,.deeds li,:is(.three,.uneven,.six)>*{break-inside:avoid}
.group:not(:has(.articles,.movers,.deeds,.uneven)){break-inside:avoid}
:is(.three,.uneven,.six){grid-template-columns:repeat(3,1fr);gap:12pt 18pt}
.js .t>div{display:block}
.articles .t,.articles>tbody>tr>*{padding-block:3pt}
.articles .s{inline-size:1.1in}
.articles .s .c{block-size:.22in}
.barlist tbody :is(th,td){padding-block:2pt;font-size:8pt}
th,td{padding-inline:3pt}
.more>td{padding:6pt 0!important}
.colophon{margin-block-start:12pt}
}
"""

# The bars of lists and what stands at a place along a chart.
_PERCENTS = "".join(
    f".w{percent}{{inline-size:{percent}%}}.at{percent}{{inset-inline-start:{percent}%}}"
    for percent in range(101)
)

STYLE = (
    f"{_GROUND}{_TEXT}{_CONTROLS}{_TOP}{_BLOCKS}{_CHARTS}{_TABLES}{ARTICLE_STYLE}"
    f"{_NARROW}{_FORCED}{_PRINT}{_PERCENTS}"
)
