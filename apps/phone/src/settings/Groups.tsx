import {
  IconAppWindow,
  IconBell,
  IconKeyboard,
  IconPalette,
  IconPhone,
  IconUser,
  IconVolume,
  type Icon,
} from '@tabler/icons-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { usePartOfPage } from '../shell/use-page.ts';
import classes from './Groups.module.css';

export const groupNames = [
  'telephone',
  'sound',
  'notifications',
  'shortcuts',
  'app',
  'appearance',
  'account',
] as const;
export type GroupName = (typeof groupNames)[number];

const icons: Readonly<Record<GroupName, Icon>> = {
  telephone: IconPhone,
  sound: IconVolume,
  notifications: IconBell,
  shortcuts: IconKeyboard,
  app: IconAppWindow,
  appearance: IconPalette,
  account: IconUser,
};

/**
 * All groups one below the other, and a list of them that leads to each: beside them where there is room, else above. Each has its
 * address, `#settings/sound`.
 */
export function Groups({ contents }: { readonly contents: Readonly<Record<GroupName, ReactNode>> }) {
  const { t } = useWords();
  const part = usePartOfPage();
  const groups = useRef<HTMLDivElement>(null);
  const read = useGroupInSight(groups);
  useEffect(() => {
    if (part !== undefined) document.getElementById(`settings-${part}`)?.scrollIntoView({ block: 'start' });
  }, [part]);
  return (
    <div className={classes['layout']}>
      <nav className={classes['list']} aria-label={t('settings.groups')}>
        {groupNames.map((name) => {
          const GroupIcon = icons[name];
          return (
            <a
              key={name}
              href={`#settings/${name}`}
              className={classes['link']}
              aria-current={read === name ? 'true' : undefined}
              // The address may be this one already: then nothing changes, and the person has scrolled away.
              onClick={() => document.getElementById(`settings-${name}`)?.scrollIntoView({ block: 'start' })}
            >
              <GroupIcon size={18} stroke={1.7} aria-hidden="true" />
              {t(`settings.group.${name}`)}
            </a>
          );
        })}
      </nav>
      <div ref={groups} className={classes['groups']}>
        {groupNames.map((name) => (
          <section
            key={name}
            id={`settings-${name}`}
            className={classes['group']}
            aria-labelledby={`settings-${name}-title`}
          >
            <h3 id={`settings-${name}-title`} className={classes['heading']}>
              {t(`settings.group.${name}`)}
            </h3>
            {contents[name]}
          </section>
        ))}
      </div>
    </div>
  );
}

/** The topmost group that is read: the first whose part in the middle of the window is seen. */
function useGroupInSight(groups: React.RefObject<HTMLDivElement | null>): GroupName {
  const [read, setRead] = useState<GroupName>('telephone');
  useEffect(() => {
    const seen = new Set<string>();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) seen.add(target.id);
          else seen.delete(target.id);
        }
        const first = groupNames.find((name) => seen.has(`settings-${name}`));
        if (first !== undefined) setRead(first);
      },
      { rootMargin: '-25% 0px -55% 0px' },
    );
    for (const group of groups.current?.children ?? []) observer.observe(group);
    return () => observer.disconnect();
  }, [groups]);
  return read;
}
