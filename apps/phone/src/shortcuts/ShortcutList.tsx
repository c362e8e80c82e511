import { Kbd } from '@mantine/core';
import { useWords } from '../i18n/use-words.ts';
import { shortcutKeys, shortcutNames } from './shortcuts.ts';
import classes from './ShortcutList.module.css';

export function ShortcutList() {
  const { t } = useWords();
  return (
    <dl className={classes['list']}>
      {shortcutNames.map((name) => (
        <div key={name} className={classes['row']}>
          <dt>{t(`shortcuts.${name}`)}</dt>
          <dd className={classes['keys']}>
            <Kbd>Alt</Kbd>
            <Kbd>⇧</Kbd>
            <Kbd>{shortcutKeys[name]}</Kbd>
          </dd>
        </div>
      ))}
    </dl>
  );
}
