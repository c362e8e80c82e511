import { describe, expect, it } from 'vitest';
import { findCycles } from './cycles.ts';
import { checkImports, type Unit } from './rules.ts';
import { scanImports } from './scan.ts';

const unit = (
  folder: string,
  packageName: string,
  dependencies: string[] = [],
  dev: string[] = [],
): Unit => ({
  folder,
  packageName,
  exports: { '.': './src/index.ts' },
  dependencies: new Set(dependencies),
  devDependencies: new Set(dev),
});
const units = [
  unit('packages/sip', '@offhook/sip'),
  unit('packages/sip-node', '@offhook/sip-node', ['@offhook/sip'], ['vitest']),
  unit('packages/contract', '@offhook/contract', ['zod']),
  unit('packages/phone-core', '@offhook/phone-core', ['@offhook/contract']),
  unit('packages/testkit', '@offhook/testkit', ['@offhook/sip']),
  unit('apps/cloud', '@offhook/cloud', ['@offhook/contract', '@offhook/sip']),
  unit('apps/practice-pbx', '@offhook/practice-pbx', ['@offhook/contract']),
];
const check = (path: string, ...lines: string[]) => checkImports(units, [{ path, source: lines.join('\n') }]);

describe('reading imports', () => {
  it('[imports-scan] finds statements over several lines, re-exports, side effects and dynamic imports', () => {
    const source = [
      "import { a } from './a.ts';",
      'import {',
      '  b,',
      "} from './b.ts';",
      "export * from './c.ts';",
      "import './d.css';",
      "const e = await import('./e.ts');",
    ].join('\n');
    expect(scanImports(source)).toEqual([
      { specifier: './a.ts', line: 1 },
      { specifier: './b.ts', line: 2 },
      { specifier: './c.ts', line: 5 },
      { specifier: './d.css', line: 6 },
      { specifier: './e.ts', line: 7 },
    ]);
  });

  it('[imports-scan] takes an exported string for no import', () => {
    expect(scanImports("export const from = 'x';\nexport default 'y';")).toEqual([]);
  });
});

describe('direction of imports', () => {
  it('[imports-direction] lets sip-node import sip and refuses the other way round', () => {
    expect(check('packages/sip-node/src/a.ts', "import { x } from '@offhook/sip';")).toEqual([]);
    expect(check('packages/sip/src/a.ts', "import { x } from '@offhook/sip-node';")).toEqual([
      expect.stringMatching(
        /^packages\/sip\/src\/a\.ts:1: .*packages\/sip may not import packages\/sip-node/u,
      ),
    ]);
  });

  it('[imports-direction] refuses a declared dependency that the direction forbids', () => {
    expect(check('apps/practice-pbx/src/a.ts', "import { x } from '@offhook/contract';")).toHaveLength(1);
    expect(check('apps/cloud/src/a.ts', "import { x } from '@offhook/sip';")).toHaveLength(1);
  });

  it('[imports-apps] nothing imports an app', () => {
    expect(check('packages/sip/src/a.test.ts', "import { x } from '@offhook/cloud';")).toEqual([
      expect.stringContaining('nothing imports an app'),
    ]);
  });

  it('[imports-deep] refuses paths into another part, relative or by name', () => {
    expect(check('packages/sip-node/src/a.ts', "import { x } from '../../sip/src/b.ts';")).toEqual([
      expect.stringContaining('leaves packages/sip-node'),
    ]);
    expect(check('packages/sip-node/src/a.ts', "import { x } from '@offhook/sip/src/b.ts';")).toEqual([
      expect.stringContaining('is not exported'),
    ]);
  });

  it('[imports-pure] protocol cores import nothing of Node.js, their tests may', () => {
    expect(check('packages/sip/src/a.ts', "import { readFileSync } from 'node:fs';")).toHaveLength(1);
    expect(check('packages/sip/src/a.test.ts', "import { readFileSync } from 'node:fs';")).toEqual([]);
    expect(check('packages/sip/src/a.ts', "import { createHash } from 'node:crypto';")).toEqual([]);
    expect(check('packages/phone-core/src/a.ts', "import { createHash } from 'node:crypto';")).toHaveLength(
      1,
    );
    expect(check('packages/sip-node/src/a.ts', "import { createSocket } from 'node:dgram';")).toEqual([]);
  });

  it('[imports-declared] a package is declared where it is used, for programs in "dependencies"', () => {
    expect(check('packages/contract/src/a.ts', "import * as z from 'zod';")).toEqual([]);
    expect(check('packages/sip/src/a.ts', "import * as z from 'zod';")).toHaveLength(1);
    expect(check('packages/sip-node/src/a.ts', "import { it } from 'vitest';")).toHaveLength(1);
    expect(check('packages/sip-node/src/a.test.ts', "import { it } from 'vitest';")).toEqual([]);
  });
});

describe('circular imports', () => {
  it('[imports-cycle] names the way around', () => {
    const problems = checkImports(units, [
      { path: 'packages/sip/src/a.ts', source: "import type { B } from './b.ts';" },
      { path: 'packages/sip/src/b.ts', source: "import type { C } from './c.ts';" },
      { path: 'packages/sip/src/c.ts', source: "import type { A } from './a.ts';" },
    ]);
    expect(problems).toEqual([
      expect.stringContaining('a.ts → packages/sip/src/b.ts → packages/sip/src/c.ts → '),
    ]);
  });

  it('[imports-cycle] a diamond is no circle, a file that imports itself is one', () => {
    const diamond = new Map([
      ['a', ['b', 'c']],
      ['b', ['d']],
      ['c', ['d']],
      ['d', []],
    ]);
    expect(findCycles(diamond)).toEqual([]);
    expect(findCycles(new Map([['a', ['a']]]))).toEqual([['a', 'a']]);
  });
});
