import { Title } from '@mantine/core';
import { IconChevronRight, IconFileTypePdf, IconPrinter } from '@tabler/icons-react';
import { use, useEffect, useRef } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { helpLanguage, type HelpLanguage } from './contents.ts';
import type { Help, HelpPage } from './help-page.ts';
import classes from './HelpPanel.module.css';
import { loadHelp } from './load-help.ts';
import { takeAsked, unfoldHelp, useOpenedHelp } from './open-help.ts';

/** The guide, one page unfolded at a time, and the whole of it to print. */
export default function HelpPanel() {
  const { t, i18n } = useWords();
  const language = helpLanguage(i18n.language);
  const { default: help } = use(helpIn(language));
  const opened = useOpenedHelp();
  const { kind, href } = help.printable;
  return (
    <div className={classes['panel']}>
      <Title order={2} id="help-title" className={classes['title'] ?? ''}>
        {t('help.title')}
      </Title>
      <div lang={language}>
        {help.pages.map((page) => (
          <Page key={page.name} page={page} open={page.name === opened} />
        ))}
      </div>
      <a className={classes['print']} href={href} target="_blank" rel="noreferrer">
        {kind === 'pdf' ? <IconFileTypePdf size={18} stroke={1.7} /> : <IconPrinter size={18} stroke={1.7} />}
        {t(kind === 'pdf' ? 'help.pdf' : 'help.print')}
      </a>
    </div>
  );
}

function Page({ page, open }: { readonly page: HelpPage; readonly open: boolean }) {
  const summary = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!open || !takeAsked(page.name)) return;
    summary.current?.focus();
    summary.current?.scrollIntoView({ block: 'start' });
  }, [open, page.name]);
  return (
    <details
      className={classes['page']}
      open={open}
      onToggle={(event) => {
        // Only what a person did: what the state did is in the state already.
        if (event.currentTarget.open !== open) unfoldHelp(event.currentTarget.open ? page.name : undefined);
      }}
    >
      <summary ref={summary} className={classes['summary']}>
        <IconChevronRight size={18} stroke={1.7} className={classes['chevron']} aria-hidden />
        {page.title}
      </summary>
      {/* From our own Markdown, made by the build. */}
      <div className={classes['text']} dangerouslySetInnerHTML={{ __html: page.html }} />
    </details>
  );
}

const loading = new Map<HelpLanguage, Promise<{ readonly default: Help }>>();

/** One promise a language, for React asks for it at each drawing; one that failed is asked for anew. */
function helpIn(language: HelpLanguage): Promise<{ readonly default: Help }> {
  const under = loading.get(language);
  if (under !== undefined) return under;
  const started = loadHelp[language]();
  loading.set(language, started);
  started.catch(() => loading.delete(language));
  return started;
}
