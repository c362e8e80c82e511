/**
 * `node apps/phone/scripts/budget/main.ts`: what the phone's build loads before it is ready to dial. Ends with 1 where that is more than
 * the budget. `./test` runs it after the build. `--json` prints the two sums alone.
 */
import { fileURLToPath } from 'node:url';
import { BUDGET_GZ_BYTES } from './budget.ts';
import { criticalPath } from './critical.ts';

const { scripts, styles, jsGzBytes, cssGzBytes } = criticalPath(
  fileURLToPath(new URL('../../dist', import.meta.url)),
);
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ critical_js_gz_bytes: jsGzBytes, critical_css_gz_bytes: cssGzBytes }));
  process.exit();
}
for (const { file, gzBytes } of [...scripts, ...styles])
  console.log(`${gzBytes.toLocaleString('en').padStart(9)}  ${file}`);
const figures = `${jsGzBytes.toLocaleString('en')} bytes of JavaScript (gzip), ${cssGzBytes.toLocaleString('en')} of CSS`;
if (jsGzBytes > BUDGET_GZ_BYTES) {
  console.error(
    `The phone's critical path is too heavy: ${figures}; at most ${BUDGET_GZ_BYTES.toLocaleString('en')} are allowed. ` +
      'Load with import() what is not needed to dial; apps/phone/README.md says how.',
  );
  process.exitCode = 1;
} else {
  console.log(`The phone's critical path: ${figures}.`);
}
