"""Rules for the pictures of a study's report, beside those of every report."""

STUDY = """
.odds{position:relative;height:46px;margin:14px 0 2px;max-width:760px}
.odds .parts{display:flex;height:16px;gap:2px}
.odds .parts i{display:block;min-width:2px}
.parts .completed{background:var(--ink)}.parts .none{background:var(--rule)}
.parts .diverted,.parts .refused{background:var(--cautionfill)}.parts .lost{background:var(--warningfill)}
.reach{position:absolute;height:7px;border:solid var(--ink);border-width:0 1.5px}
.reach::after{content:"";position:absolute;left:0;right:0;top:2.5px;border-top:1.5px solid var(--ink)}
.odds .reach{top:20px}
.odds .scale{position:absolute;left:0;right:0;top:28px;display:flex;justify-content:space-between;
font-size:11px;color:var(--ink3)}
table{border-collapse:collapse;font-size:13px;margin-top:6px}
th{text-align:left;font-weight:400;color:var(--ink2);font-size:12px}
th,td{padding:2.5px 18px 2.5px 0;border-bottom:1px solid var(--rule);vertical-align:baseline}
td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.n b{font-weight:600}
table.small{font-size:12px;width:100%}
.scroll{overflow-x:auto}
.results{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:6px 40px}
.drive li{padding:4px 0 5px}
.drive .what{display:flex;justify-content:space-between;gap:12px;align-items:baseline}
.drive .what b{font-weight:600}
.drive .much{white-space:nowrap;font-variant-numeric:tabular-nums;font-size:12px;color:var(--ink2)}
.track{position:relative;height:12px;margin-top:2px}
.track i{position:absolute;left:0;top:2px;height:8px;background:var(--ink);min-width:2px}
.track .reach{top:2.5px;border-color:var(--ink2);mix-blend-mode:normal}
.track .reach::after{border-color:var(--ink2)}
.spreads{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:22px 32px;margin-top:12px}
.spread h3{margin:0 0 2px;display:flex;justify-content:space-between;gap:8px;color:var(--ink)}
.spread h3 span{font-weight:400;color:var(--ink2)}
.spread svg{display:block;width:100%;height:64px}
.spread .ends{display:flex;justify-content:space-between;font-size:11px;color:var(--ink3)}
.spread p{font-size:12px;color:var(--ink2);margin-top:3px}
.spread p b{color:var(--ink);font-weight:600}
.chains li{display:grid;grid-template-columns:74px 1fr;gap:0 14px;padding:4px 0;border-bottom:1px solid var(--rule)}
.chains .n{text-align:right;font-variant-numeric:tabular-nums}
.chains .n b{font-weight:600}
svg.where{display:block;width:100%;max-width:420px;margin-top:8px}
details summary{cursor:pointer;padding:6px 0;font-size:12px;color:var(--ink2)}
td.key{font-variant-numeric:tabular-nums;white-space:nowrap}
td.why{color:var(--ink2)}
@media screen and (max-width:900px){.spreads{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media screen and (max-width:620px){.spreads{grid-template-columns:minmax(0,1fr)}
td.key{white-space:normal;overflow-wrap:anywhere}td.why,th.why{display:none}th,td{padding-right:10px}
.chains li{grid-template-columns:52px 1fr}}
@media print{.spread,.drive li,.chains li,tr{break-inside:avoid}}
"""
