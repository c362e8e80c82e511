import { useWords } from '../i18n/use-words.ts';
import classes from './SkipLink.module.css';

/** The first thing that Tab reaches: over the navigation, to what the page is about. */
export function SkipLink() {
  const { t } = useWords();
  return (
    <a
      className={classes['skip']}
      href="#content"
      onClick={(event) => {
        event.preventDefault();
        document.querySelector<HTMLElement>('#content')?.focus();
      }}
    >
      {t('shell.skip')}
    </a>
  );
}
