import '../support/typescript.mjs';
const { CALM_KINDS } = await import('./detection/calm/calm-kinds.ts');
const { CalmModel } = await import('./detection/calm/calm-model.ts');
const want = process.argv[2] ?? ''; const seeds = (process.argv[3] ?? '1').split(',').map(Number); const verbose = process.argv[4];
for (const [i, kind] of CALM_KINDS.entries()) {
  if (want && !(want.startsWith('#') ? want.slice(1).split(',').map(Number).includes(i) : kind.name.includes(want))) continue;
  for (const seed of seeds) {
    const t0 = process.cpuUsage();
    const model = new CalmModel(kind, seed);
    const t1 = process.cpuUsage(t0);
    const pages = model.pages();
    const used = process.cpuUsage(t0); const s = (u) => ((u.user + u.system) / 1e6).toFixed(1);
    const by = new Map(); for (const { series } of pages) { const [c, , st] = series.split('|'); const k = `${c}/${st.replace(/share:.*/, 'share')}`; by.set(k, (by.get(k) ?? 0) + 1); }
    const st = new Map(); for (const x of model.fitted.series) st.set(x.status, (st.get(x.status) ?? 0) + 1);
    console.log(`${i} ${kind.name} s${seed}: ${pages.length} pages ${JSON.stringify([...by])} expects ${model.fitted.expectedFalseAlerts?.toFixed(2)} ${JSON.stringify([...st])} notices ${new Set(model.notices).size} cpu ${s(t1)}/${s(used)}`);
    if (verbose) for (const p of pages) console.log('   ', p.from.toISOString(), p.series, p.explanation);
  }
}
