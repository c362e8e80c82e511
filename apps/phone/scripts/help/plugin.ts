import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { helpLanguages, helpPages, helpPictures, type HelpLanguage } from '../../src/help/contents.ts';
import type { Help } from '../../src/help/help-page.ts';
import { helpFolder, pdfFile, pictureFile, printableFile, printableHelp, renderHelp } from './render.ts';

const PREFIX = 'virtual:help/';

/** Where `npm run docs:help` leaves the guides as PDF. Not kept: a build without them offers a page to print instead. */
export const pdfFolder = join(helpFolder, 'pdf');

/** Makes the help of `docs/help` part of the build: a module a language, its pictures, and the guide to print. */
export function help(): Plugin {
  return {
    name: 'offhook-help',
    resolveId(id) {
      return id.startsWith(PREFIX) ? `\0${id}` : undefined;
    },
    load(id) {
      const language = id.startsWith(`\0${PREFIX}`) ? languageOf(id.slice(PREFIX.length + 1)) : undefined;
      if (language === undefined) return undefined;
      for (const page of helpPages) this.addWatchFile(join(helpFolder, language, `${page}.md`));
      return `export default ${JSON.stringify(helpOf(language))};`;
    },
    generateBundle() {
      for (const language of helpLanguages) {
        for (const [fileName, source] of filesOf(language))
          this.emitFile({ type: 'asset', fileName, source });
      }
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const wanted = (request.url ?? '').slice(1);
        const source = wanted.startsWith('help/')
          ? helpLanguages.flatMap(filesOf).find(([fileName]) => fileName === wanted)?.[1]
          : undefined;
        if (source === undefined) next();
        else response.end(source);
      });
    },
  };
}

function languageOf(name: string): HelpLanguage | undefined {
  return helpLanguages.find((language) => language === name);
}

function helpOf(language: HelpLanguage): Help {
  const pdf = existsSync(join(pdfFolder, `offhook-${language}.pdf`));
  return {
    pages: renderHelp(language),
    printable: pdf
      ? { kind: 'pdf', href: `/${pdfFile(language)}` }
      : { kind: 'page', href: `/${printableFile(language)}` },
  };
}

/** What exists of a language's files: one whose picture is still to be taken from the gallery is built without it, and a test says so. */
function filesOf(language: HelpLanguage): (readonly [fileName: string, source: Buffer | string])[] {
  const kept = [
    ...Object.keys(helpPictures).map(
      (name) => [pictureFile(language, name), join(helpFolder, language, `${name}.webp`)] as const,
    ),
    [pdfFile(language), join(pdfFolder, `offhook-${language}.pdf`)] as const,
  ].filter(([, file]) => existsSync(file));
  return [
    [printableFile(language), printableHelp(language, renderHelp(language))],
    ...kept.map(([fileName, file]) => [fileName, readFileSync(file)] as const),
  ];
}
