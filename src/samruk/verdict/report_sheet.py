"""The style sheet of the report: type and space part things; no boxes, no shadows, no script."""

SHEET = """
*{box-sizing:border-box}
html{background:var(--ground);color:var(--ink);-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:1080px;padding:20px;font:400 13px/1.5 S,
'IBM Plex Sans Condensed','Arial Narrow',Arial,sans-serif;font-kerning:none}
h1{font-size:24px;line-height:1.2;margin:0;font-weight:600}
h2{font-size:15px;margin:0;font-weight:600}
h3{font-size:12px;margin:18px 0 4px;font-weight:600;color:var(--ink2)}
p{margin:0 0 4px;max-width:76ch}
.mission{color:var(--ink2)}
.answer{font-size:19px;line-height:1.3;font-weight:600;margin:14px 0 4px}
.answer p{max-width:90ch;margin:0 0 5px}
.answer .sign{width:14px;height:14px;margin-right:7px}
.small,.mission,figcaption{font-size:12px}
.dim,figcaption{color:var(--ink2)}
.caution{color:var(--caution);font-weight:600}
.warning{color:var(--warning);font-weight:600}
.theme{float:right;border:0;margin:0 0 8px 16px;padding:0;font-size:12px;color:var(--ink2)}
.theme legend{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.theme label{display:inline-block;padding:6px 7px;cursor:pointer}
.theme input{position:absolute;opacity:0}
.theme input:checked+span{color:var(--ink);font-weight:600;border-bottom:2px solid var(--ink)}
.theme input:focus-visible+span{outline:2px solid var(--ink);outline-offset:3px}
figure{margin:18px 0 0}
svg.figure{display:block;max-width:100%;height:auto}
svg.phone{display:none}
section{border-top:1px solid var(--rule);margin-top:26px;padding-top:18px}
.head{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline;font-size:15px}
.head b{font-weight:600}
.columns{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 36px}
.sign{width:11px;height:11px;vertical-align:-1px;margin-right:5px}
ol,ul{list-style:none;margin:0;padding:0}
.chain li{display:grid;grid-template-columns:62px 16px 1fr;padding:1.5px 0}
.chain time{font-variant-numeric:tabular-nums;color:var(--ink2)}
.fixes li{padding:3px 0 5px}
.fixes .what{display:flex;justify-content:space-between;gap:12px;align-items:baseline}
.fixes .cost{white-space:nowrap;font-weight:600}
.bar{height:3px;background:var(--ink);margin-top:3px;min-width:2px}
.first{font-weight:600}
.chance{display:flex;height:6px;margin:5px 0 2px;max-width:320px;gap:2px}
.chance i{display:block;min-width:2px}
.chance .completed{background:var(--ink)}
.chance .none{background:var(--rule)}
.chance .diverted,.chance .refused{background:var(--cautionfill)}
.chance .lost{background:var(--warningfill)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;margin:0;font-size:12px}
dl.margins{display:block;columns:3 250px;column-gap:36px;max-width:none;font-size:13px}
.margins div{display:flex;justify-content:space-between;gap:12px;padding:2.5px 0;break-inside:avoid;
border-bottom:1px solid var(--rule)}
.margins dd{white-space:nowrap;font-weight:600;font-variant-numeric:tabular-nums}
.margins dt{color:var(--ink)}
dt{color:var(--ink2)}dd{margin:0;overflow-wrap:anywhere}
pre{font:12px/1.6 ui-monospace,'DejaVu Sans Mono',Consolas,monospace;margin:0;
white-space:pre-wrap;overflow-wrap:anywhere}
footer{border-top:1px solid var(--rule);margin-top:26px;padding-top:14px;font-size:12px;color:var(--ink2)}
@media screen and (max-width:1040px){body{padding:16px}}
@media screen and (max-width:900px){
dl.margins{columns:2 250px}
svg.full{display:none}svg.phone{display:block;width:100%;max-width:560px;margin:0 auto}
.columns{grid-template-columns:minmax(0,1fr)}
}
@media screen and (max-width:480px){body{padding:10px 0}
header,section,footer{padding-left:12px;padding-right:12px}.answer{font-size:17px}h1{font-size:20px}
dl{grid-template-columns:minmax(0,1fr);gap:0}dl:not(.margins) dd{margin-bottom:6px}
.theme label{padding:14px 8px}}
@media print{
@page{size:A4 landscape;margin:10mm}
body{padding:0;max-width:none}.theme{display:none}
svg.figure{break-inside:avoid;max-height:168mm;margin:0 auto}
.strip svg.figure{width:245mm;max-height:none}
figure{margin-top:8px}.answer{font-size:17px;margin:8px 0 0}section.where{break-before:page}
section{break-inside:avoid-page;margin-top:16px;padding-top:10px}
h2,h3{break-after:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
"""
"""Rules that follow the rules of the pictures; colours come as custom properties from `theme.page_sheet`."""
