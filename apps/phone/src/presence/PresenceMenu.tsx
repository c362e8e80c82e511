import { UnstyledButton } from '@mantine/core';
import { PresenceChoice, type OwnPresence, type PresenceState } from '@offhook/contract';
import { PresenceDot } from '@offhook/ui';
import { IconCheck, IconChevronDown, IconRefresh } from '@tabler/icons-react';
import { OnDemandMenu } from '../app/OnDemandMenu.tsx';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import type { WordKey } from '../i18n/words.ts';
import { problemWords } from '../words/problem.ts';
import { stateWords } from './presence-words.ts';
import classes from './PresenceMenu.module.css';

const hints: Partial<Record<PresenceChoice, WordKey>> = {
  automatic: 'presence.choice.automatic.hint',
  do_not_disturb: 'presence.choice.do_not_disturb.hint',
};

/** How colleagues see this person, and what they may choose instead. */
export function PresenceMenu() {
  const { t } = useWords();
  const phone = usePhone();
  const { held, pending, problem } = usePhoneState((state) => state.ownPresence);
  if (held === undefined) return null;
  const shown = shownState(held, pending);
  const choice = pending ?? held.choice;
  return (
    <OnDemandMenu
      position="bottom-end"
      width={272}
      target={
        <UnstyledButton
          className={classes['trigger']}
          data-pending={pending !== undefined || undefined}
          aria-label={t('presence.own', { state: t(stateWords(shown)) })}
        >
          <PresenceDot state={shown} size={13} />
          <span className={classes['word']}>{t(stateWords(shown))}</span>
          <IconChevronDown size={15} stroke={2} className={classes['chevron']} aria-hidden="true" />
        </UnstyledButton>
      }
    >
      {(Menu) => (
        <>
          <Menu.Label>{t('presence.choose')}</Menu.Label>
          <Menu.RadioGroup
            value={choice}
            onChange={(value) => void phone.presence.choose(PresenceChoice.parse(value))}
          >
            {PresenceChoice.options.map((option) => (
              <Menu.RadioItem
                key={option}
                value={option}
                checkIcon={<IconCheck size={15} stroke={2.4} />}
                closeMenuOnClick
              >
                <span className={classes['choice']}>
                  <ChoiceSign choice={option} />
                  <span>
                    {t(`presence.choice.${option}`)}
                    <Hint of={option} />
                  </span>
                </span>
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          {problem === undefined ? null : (
            <p role="alert" className={classes['problem']}>
              {t(problemWords(problem).title)}
            </p>
          )}
        </>
      )}
    </OnDemandMenu>
  );
}

function Hint({ of }: { readonly of: PresenceChoice }) {
  const { t } = useWords();
  const hint = hints[of];
  return hint === undefined ? null : <span className={classes['hint']}>{t(hint)}</span>;
}

function ChoiceSign({ choice }: { readonly choice: PresenceChoice }) {
  if (choice === 'automatic') return <IconRefresh size={16} stroke={1.8} aria-hidden="true" />;
  return <PresenceDot state={stateOf(choice)} size={16} />;
}

/** Until the cloud has said what becomes of a choice, the choice itself. */
function shownState(held: OwnPresence, pending: PresenceChoice | undefined): PresenceState {
  return pending === undefined || pending === 'automatic' ? held.state : stateOf(pending);
}

function stateOf(choice: Exclude<PresenceChoice, 'automatic'>): PresenceState {
  return choice === 'appear_offline' ? 'offline' : choice;
}
