import { Marked } from 'marked';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { helpPages, helpPictures, isHelpPicture, type HelpLanguage } from '../../src/help/contents.ts';
import type { HelpPage } from '../../src/help/help-page.ts';

/** Where the Markdown and its pictures lie, a folder a language. */
export const helpFolder = fileURLToPath(new URL('../../../../docs/help', import.meta.url));

/** In the product's build, beside the page. */
export const pictureFile = (language: HelpLanguage, name: string): string => `help/${language}/${name}.webp`;
export const printableFile = (language: HelpLanguage): string => `help/${language}.html`;
export const pdfFile = (language: HelpLanguage): string => `help/offhook-${language}.pdf`;

/** The names of the pictures that a page shows. */
export function picturesIn(markdown: string): string[] {
  return [...markdown.matchAll(/!\[[^\]]*\]\(([^)]*)\)/gu)].map((match) => match[1] ?? '');
}

export function helpMarkdown(language: HelpLanguage, page: string): string {
  return readFileSync(join(helpFolder, language, `${page}.md`), 'utf8');
}

/**
 * The pages of a language from their Markdown: `# Title`, then the text.
 *
 * @throws Error where a page is missing, has no title, or shows a picture that nobody makes.
 */
export function renderHelp(language: HelpLanguage): HelpPage[] {
  const marked = markedFor(language);
  return helpPages.map((name) => {
    const [, title, text] = /^# (.+)\n([\s\S]*)$/u.exec(helpMarkdown(language, name)) ?? [];
    if (title === undefined || text === undefined)
      throw new Error(`docs/help/${language}/${name}.md does not begin with a title.`);
    return { name, title, html: marked.parse(text, { async: false }).trim() };
  });
}

function markedFor(language: HelpLanguage): Marked {
  return new Marked({
    renderer: {
      image({ href, text }) {
        const name = href.replace(/\.webp$/u, '');
        if (!isHelpPicture(name)) throw new Error(`docs/help/${language} shows ${href}, which nobody makes.`);
        const { width, height } = helpPictures[name];
        const alt = text.replaceAll('"', '&quot;');
        return `<img src="/${pictureFile(language, name)}" alt="${alt}" width="${width}" height="${height}" loading="lazy">`;
      },
    },
  });
}

/** The whole guide as one page for printing; its pictures beside it. */
export function printableHelp(language: HelpLanguage, pages: readonly HelpPage[]): string {
  const text = pages
    .map(
      ({ title, html }) => `<section><h1>${title}</h1>\n${html.replaceAll('src="/help/', 'src="')}</section>`,
    )
    .join('\n')
    .replaceAll(' loading="lazy"', '');
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Offhook</title>
<style>
@page { size: A4; margin: 18mm 20mm; }
body { max-width: 44em; margin: 2em auto; padding: 0 1em; font: 11pt/1.5 Inter, system-ui, sans-serif; color: #1b2330; background: #fff; }
h1 { font-size: 1.5em; margin: 1.6em 0 0.4em; break-after: avoid; }
h2 { font-size: 1.1em; break-after: avoid; }
img { display: block; max-width: 100%; width: auto; height: auto; max-height: 95mm; margin: 0.8em 0; border: 1px solid #d5dbe5; border-radius: 8px; break-inside: avoid; }
li, p { break-inside: avoid; }
.cover { font-size: 2.2em; font-weight: 700; }
</style>
</head>
<body>
<p class="cover">Offhook</p>
${text}
</body>
</html>
`;
}
