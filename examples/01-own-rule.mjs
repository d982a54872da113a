// A rule of your own, from its equation to the bits of a chip: compile it, run it on the exact integer machine and on the
// emulator of the chip, and see that they agree.
//
// expect: 3 products: k0 * x * y, k1 * w, k2
// expect: 0 differences in 1000 steps
import { compile, createFixedMachine, NetworkBuilder, NO_CALIBRATION, targetNamed } from 'plastron';

const rule = `
rule covariance(rate = 0.25, per synapse bias)
  dw = rate * x * y - rate * rate * w + bias
  normalize clip -1 1
`;

const network = new NetworkBuilder('own-rule')
  .input('observation', 4, { clip: 2 })
  .population('hidden', 6, 'ternary_lif')
  .projection('observation', 'hidden', {
    rule,
    parameters: { bias: Float64Array.from({ length: 24 }, (_, k) => (k % 5) / 64 - 1 / 32) },
  })
  .output('hidden')
  .build();

const target = targetNamed('loihi2');
const { network: placed, fixed, bytes } = compile(network, target, NO_CALIBRATION);
const { dw } = placed.network.projections[0].rule;
const products = [];
for (let e = dw; e; e = e.operator === '+' ? e.left : undefined) {
  products.unshift(printProduct(e.operator === '+' ? e.right : e));
}
console.log(`${products.length} products: ${products.join(', ')}`);

const left = createFixedMachine(fixed);
const right = target.createMachine(bytes, 'own-rule');
let differences = 0;
for (let step = 0; step < 1000; step++) {
  const observation = [0, 1, 2, 3].map((i) => Math.sin(step / 7 + i));
  for (const machine of [left, right]) machine.step({ values: { observation }, modulator: 0 });
  for (const { probe } of left.shape.probes) {
    const [a, b] = [left.read(probe), right.read(probe)];
    differences += a.filter((value, i) => value !== b[i]).length;
  }
}
console.log(`${differences} differences in 1000 steps`);

function printProduct(e) {
  return e.kind === 'name' ? e.name : `${printProduct(e.left)} * ${printProduct(e.right)}`;
}
