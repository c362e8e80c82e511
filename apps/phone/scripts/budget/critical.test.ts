import { expect, it } from 'vitest';
import { criticalFiles, entriesOf, type Manifest } from './critical.ts';

const manifest: Manifest = {
  'index.html': {
    file: 'index.js',
    imports: ['_shared'],
    dynamicImports: ['src/i18n/en/index.ts', 'src/i18n/de/index.ts', 'src/history/HistoryPanel.tsx'],
    css: ['index.css'],
  },
  _shared: { file: 'shared.js', imports: ['index.html'], css: ['shared.css'] },
  'src/i18n/en/index.ts': { file: 'en.js' },
  'src/i18n/de/index.ts': { file: 'de.js', imports: ['_errors'] },
  _errors: { file: 'errors.js' },
  'src/history/HistoryPanel.tsx': { file: 'history.js', imports: ['_rows'], css: ['history.css'] },
  _rows: { file: 'rows.js' },
};

const page = '<script src="/boot.js"></script><script type="module" crossorigin src="/index.js"></script>';

it('the critical path is the entry, what it imports, and the heaviest language with what that imports', () => {
  const { scripts, styles } = criticalFiles(manifest, entriesOf(page), (file) => file.length);
  expect(scripts.toSorted()).toEqual(['de.js', 'errors.js', 'index.js', 'shared.js']);
  expect(styles.toSorted()).toEqual(['index.css', 'shared.css']);
});

it('a page without a script of the build is no phone', () => {
  expect(() => criticalFiles({}, entriesOf(page), () => 0)).toThrow('no script');
});
