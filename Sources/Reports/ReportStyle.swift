/// The style sheet of the report: one column on a phone, light or dark as the reader's system is.
let reportStyle = """
  :root {
    --ink: #1b1f24; --quiet: #59636e; --paper: #ffffff; --panel: #f6f8fa; --line: #d8dee4;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --ink: #e6e8eb; --quiet: #9aa4af; --paper: #14171a; --panel: #1c2024; --line: #363c43;
    }
  }
  * { box-sizing: border-box; }
  body {
    margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 66rem; color: var(--ink);
    background: var(--paper); font: 16px/1.5 system-ui, sans-serif;
    font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
  }
  h1 { margin: 0 0 .25rem; font-size: 1.7rem; line-height: 1.2; }
  h2 { margin: 2.5rem 0 1rem; padding-bottom: .3rem; font-size: 1.2rem;
    border-bottom: 1px solid var(--line); }
  h3 { margin: 0 0 .5rem; font-size: 1rem; }
  header p, article p, small { color: var(--quiet); }
  header p { margin: 0; font-size: 1.05rem; }
  article p { margin: .25rem 0 0; font-size: .875rem; }
  small { font-weight: 400; }
  .table { overflow-x: auto; overflow-wrap: normal; }
  table { border-collapse: collapse; min-width: 50%; }
  th, td { padding: .4rem .9rem .4rem 0; text-align: left; vertical-align: top;
    border-bottom: 1px solid var(--line); }
  thead th { color: var(--quiet); font-size: .875rem; font-weight: 600; }
  tbody th { font-weight: 600; }
  .figures, .motifs { display: grid; gap: 1rem; margin-top: 1.25rem; }
  .figures { grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
  .motifs { grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); }
  figure, article { margin: 0; padding: .75rem; background: var(--panel);
    border: 1px solid var(--line); border-radius: 8px; min-width: 0; }
  svg { display: block; max-width: 100%; height: auto; }
  figure svg { width: 100%; }
  dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .3rem 1.25rem;
    margin: 0; }
  dt { color: var(--quiet); }
  dd { margin: 0; font-family: ui-monospace, monospace; font-size: .875rem; }
  @media print { figure, article { break-inside: avoid; } }
  """
