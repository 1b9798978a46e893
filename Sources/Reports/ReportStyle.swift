/// The style sheet of reports: one column on a phone, light or dark as the reader's system is, and light on paper.
let reportStyle = """
  :root {
    --ink: #1b1f24; --quiet: #57606a; --paper: #ffffff; --panel: #f6f8fa; --line: #d8dee4;
    --alert: #fff4e0; --alert-line: #b35900;
  }
  @media screen and (prefers-color-scheme: dark) {
    :root {
      --ink: #e6e8eb; --quiet: #a3adb8; --paper: #14171a; --panel: #1c2024; --line: #363c43;
      --alert: #33270f; --alert-line: #e0a040;
    }
  }
  * { box-sizing: border-box; }
  body {
    margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 72rem; color: var(--ink);
    background: var(--paper); font: 16px/1.5 system-ui, sans-serif;
    font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
  }
  h1 { margin: 0 0 .25rem; font-size: 1.7rem; line-height: 1.2; }
  h2 { margin: 2.5rem 0 1rem; padding-bottom: .3rem; font-size: 1.2rem;
    border-bottom: 1px solid var(--line); }
  h3 { margin: 0 0 .5rem; font-size: 1rem; }
  header p { margin: 0; font-size: 1.05rem; }
  main p { max-width: 46rem; color: var(--quiet); }
  .warnings { margin: 1rem 0 0; padding: .6rem 1rem .6rem 2rem; background: var(--alert);
    border-left: 4px solid var(--alert-line); }
  .table { overflow-x: auto; overflow-wrap: normal; }
  .table + .table { margin-top: 1.25rem; }
  table { border-collapse: collapse; min-width: 50%; }
  th, td { padding: .4rem .9rem .4rem 0; text-align: left; vertical-align: top; min-width: 3.5rem; max-width: 26rem;
    overflow-wrap: break-word; border-bottom: 1px solid var(--line); }
  thead th { color: var(--quiet); font-size: .875rem; font-weight: 600; }
  tbody th { font-weight: 600; }
  .figures, .motifs { display: grid; gap: 1rem; margin: 1.25rem 0; }
  .figures { grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); }
  .motifs { grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); }
  figure, article { margin: 0; padding: .75rem; background: var(--panel);
    border: 1px solid var(--line); border-radius: 8px; min-width: 0; }
  figure.wide { grid-column: 1 / -1; }
  figcaption, article ul { color: var(--quiet); font-size: .875rem; }
  article ul { margin: .5rem 0; padding-left: 1.1rem; }
  svg { display: block; max-width: 100%; height: auto; }
  svg.shared { position: absolute; }
  figure svg { width: 100%; }
  details { margin: .75rem 0; }
  article details { margin: .25rem 0; font-size: .875rem; }
  summary { cursor: pointer; font-weight: 600; }
  article summary { color: var(--quiet); font-weight: 400; }
  dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .3rem 1.25rem;
    margin: 0; }
  dt { color: var(--quiet); }
  dd { margin: 0; font-family: ui-monospace, monospace; font-size: .875rem; }
  @media (max-width: 30rem) {
    body { padding: 1rem .5rem 3rem; }
    figure, article { padding: .4rem; }
    figure:not(.wide) svg text { font-size: 15px; }
    figure.wide { overflow-x: auto; }
    figure.wide svg { min-width: 44rem; }
    dl { grid-template-columns: 1fr; gap: 0; }
    dd { margin-bottom: .5rem; }
  }
  @media print {
    body { max-width: none; font-size: 10pt; }
    .figures { grid-template-columns: 1fr 1fr; }
    figure, article, tr { break-inside: avoid; }
    h2 { break-after: avoid; }
  }
  """
