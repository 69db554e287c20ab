import { startLab } from "#tests/lab/lab.ts";
import { createProbes } from "#lib/probes/probes.ts";
import { gather, collect } from "#lib/checks/gather.ts";
import { judge } from "#lib/checks/catalogue.ts";
import { CHECKS, worstStatus } from "#lib/checks/verdict.ts";
const lab = await startLab(); let bad=0; const queue=[...lab.domains];
async function worker(){ for(;;){ const d=queue.shift(); if(!d) return;
  const vs=judge(await collect(gather(d.name, createProbes(lab.settings), new Date()))); const lines:string[]=[];
  for(const c of CHECKS){ const own=vs.filter(v=>v.check===c); const w=worstStatus(own.map(v=>v.status)); if(w!==d.expect[c]) lines.push(`${c}: expected ${d.expect[c]}, got ${w}: ${own.map(v=>v.code).join(",")}`); }
  if(d.finding && !vs.some(v=>v.code===d.finding)) lines.push(`finding ${d.finding} missing`);
  if(lines.length){bad++; console.log(d.name, lines);} }}
await Promise.all(Array.from({length:12},worker)); console.log("domains", lab.domains.length, "bad", bad); await lab.stop(); process.exit(0);
