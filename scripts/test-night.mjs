// npm run test:night: what CI tries for seconds, for hours: other seeds each day, which the titles of the tests say.
const LONG = {
  VISAVIS_HOSTILE_FRAMES: '1000000',
  VISAVIS_CHURN_STEPS: '300',
  VISAVIS_MEMBER_STEPS: '300',
  VISAVIS_FRAME_CHANGES: '600',
  VISAVIS_NODES_SEEDS: '5000',
  VISAVIS_NIGHT: 'yes',
  VISAVIS_SEED: String(Math.floor(Date.now() / 86_400_000)),
};
const STAGES = ['unit', 'simulation', 'web', 'e2e', 'network'];

for (const [name, value] of Object.entries(LONG)) process.env[name] ??= value;
console.log(`VISAVIS_SEED=${process.env['VISAVIS_SEED']}`);
if (process.argv.length === 2) process.argv.push(...STAGES);
await import('./test.mjs');
