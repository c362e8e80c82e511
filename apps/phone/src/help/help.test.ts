import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  helpFolder,
  helpMarkdown,
  picturesIn,
  printableHelp,
  renderHelp,
} from '../../scripts/help/render.ts';
import { isScene } from '../gallery/scenes.ts';
import { helpLanguage, helpLanguages, helpPages, helpPictures } from './contents.ts';

it('[D10] every picture is of a scene that exists, and some page shows it', () => {
  const shown = new Set(helpPages.flatMap((page) => picturesIn(helpMarkdown('en', page))));
  for (const [name, { scene }] of Object.entries(helpPictures)) {
    expect({ name, isScene: isScene(scene), isShown: shown.has(`${name}.webp`) }).toEqual({
      name,
      isScene: true,
      isShown: true,
    });
  }
});

const headings = (markdown: string) => markdown.match(/^#+ /gmu);

describe.each(helpLanguages)('[D10] the help in %s', (language) => {
  it('has every page, with a title and text, and no other', () => {
    expect(
      readdirSync(join(helpFolder, language))
        .filter((file) => file.endsWith('.md'))
        .toSorted(),
    ).toEqual(helpPages.map((page) => `${page}.md`).toSorted());
    for (const page of renderHelp(language)) {
      expect(page.title).not.toBe('');
      expect(page.html).toMatch(/<p>|<ul>/u);
    }
  });

  it.each(helpPages)('%s says as much as the English page: its headings, and the same pictures', (page) => {
    const markdown = helpMarkdown(language, page);
    const english = helpMarkdown('en', page);
    expect(headings(markdown)).toEqual(headings(english));
    expect(picturesIn(markdown)).toEqual(picturesIn(english));
  });

  it('has its pictures, and no other', () => {
    const wanted = Object.keys(helpPictures).map((name) => `${name}.webp`);
    expect(
      readdirSync(join(helpFolder, language))
        .filter((file) => file.endsWith('.webp'))
        .toSorted(),
    ).toEqual(wanted.toSorted());
  });

  it('is one page for print, whose pictures lie beside it', () => {
    const html = printableHelp(language, renderHelp(language));
    const sources = [...html.matchAll(/src="([^"]*)"/gu)].map((match) => match[1] ?? '');
    expect(sources.length).toBeGreaterThanOrEqual(Object.keys(helpPictures).length);
    for (const source of sources) expect(existsSync(join(helpFolder, source))).toBe(true);
  });
});

it('who reads a language without a guide of its own gets the nearest', () => {
  expect(['de', 'ca', 'pt'].map(helpLanguage)).toEqual(['de', 'es', 'en']);
});
