import { Button } from '@mantine/core';
import type { DirectoryPerson } from '@offhook/contract';
import { permits, type KnownCall } from '@offhook/phone-core';
import { PersonAvatar, PresenceDot } from '@offhook/ui';
import {
  IconArrowForwardUp,
  IconArrowLeft,
  IconPhone,
  IconPhoneIncoming,
  IconPhonePlus,
} from '@tabler/icons-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { PresenceText } from '../presence/PresenceText.tsx';
import { usePresence, useWatched } from '../presence/use-watched.ts';
import { useCanPickUp } from '../team/CallOrPickUp.tsx';
import { useIsMe } from '../team/use-people.ts';
import { StarButton } from '../team/StarButton.tsx';
import { partyWords, readableNumber } from '../words/party.ts';
import classes from './ContactsPanel.module.css';

export interface ContactCardProps {
  readonly person: DirectoryPerson;
  readonly onClose: () => void;
}

/** One person: how they are reached, and what can be done with them now. */
export function ContactCard({ person, onClose }: ContactCardProps) {
  const { t } = useWords();
  const back = useRef<HTMLButtonElement>(null);
  useWatched([person.userId]);
  const presence = usePresence(person.userId);
  const isMe = useIsMe(person);
  const { number, shortNumber, others = [], email, groups = [] } = person;
  // Whoever came by the keyboard goes on from here.
  useEffect(() => back.current?.focus(), []);
  return (
    <div className={classes['card']}>
      <Button
        ref={back}
        variant="subtle"
        color="gray"
        size="sm"
        className={classes['back'] ?? ''}
        leftSection={<IconArrowLeft size={18} stroke={1.8} />}
        onClick={onClose}
      >
        {t('contacts.back')}
      </Button>
      <div className={classes['who']}>
        <PersonAvatar
          name={person.name}
          size={64}
          badge={presence && <PresenceDot state={presence.state} size={14} />}
        />
        <div className={classes['words']}>
          <h3 className={classes['bigName']}>{person.name}</h3>
          <span className={classes['detail']}>
            {presence === undefined ? null : <PresenceText presence={presence} />}
          </span>
        </div>
        <StarButton person={person} size={44} />
      </div>
      {isMe ? null : <Acts person={person} />}
      <dl className={classes['facts']}>
        {number === undefined ? null : (
          <NumberFact label={t('contacts.number')} number={number} person={person} />
        )}
        {shortNumber === undefined || shortNumber === number ? null : (
          <NumberFact label={t('contacts.short')} number={shortNumber} person={person} />
        )}
        {others.map((other) => (
          <NumberFact key={other} label={t('contacts.other')} number={other} person={person} />
        ))}
        <Fact label={t('contacts.email')}>
          <a href={`mailto:${email}`}>{email}</a>
        </Fact>
        {groups.length === 0 ? null : <Fact label={t('contacts.groups')}>{groups.join(', ')}</Fact>}
      </dl>
    </div>
  );
}

/** Call; take the call that rings there; hand over a call that one has, or ask about it first. */
function Acts({ person }: { readonly person: DirectoryPerson }) {
  const { t } = useWords();
  const { calls } = usePhone();
  const rings = useCanPickUp(person);
  const known = usePhoneState((state) => state.calls);
  const { number, name, userId } = person;
  if (number === undefined) return <p className={classes['detail']}>{t('dial.noNumber', { name })}</p>;
  // Nobody is handed over to themselves.
  const others = known.filter(({ remote }) => remote.userId !== userId && remote.number !== number);
  const who = (call: KnownCall): string => partyWords(call.remote).title ?? t('call.unknownCaller');
  return (
    <div className={classes['acts']}>
      {rings ? (
        <Button
          color="green.8"
          leftSection={<IconPhoneIncoming size={18} stroke={1.8} />}
          onClick={() => void calls.pickUp(number, name)}
        >
          {t('contacts.pickUp')}
        </Button>
      ) : null}
      <Button
        variant={rings ? 'light' : 'filled'}
        leftSection={<IconPhone size={18} stroke={1.8} />}
        onClick={() => void calls.place(number, name)}
      >
        {t('dial.call')}
      </Button>
      {others
        .filter((call) => permits(call, 'transfer'))
        .map((call) => (
          <Button
            key={`transfer ${call.callId}`}
            variant="light"
            leftSection={<IconArrowForwardUp size={18} stroke={1.8} />}
            onClick={() => void calls.transfer(call.callId, number)}
          >
            {t('contacts.transfer', { who: who(call) })}
          </Button>
        ))}
      {others
        .filter((call) => permits(call, 'consult'))
        .map((call) => (
          <Button
            key={`consult ${call.callId}`}
            variant="light"
            leftSection={<IconPhonePlus size={18} stroke={1.8} />}
            onClick={() => void calls.consult(call.callId, number, name)}
          >
            {t('contacts.consult', { who: who(call) })}
          </Button>
        ))}
    </div>
  );
}

interface FactProps {
  readonly label: string;
  readonly children: ReactNode;
}

function Fact({ label, children }: FactProps) {
  return (
    <div className={classes['fact']}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface NumberFactProps {
  readonly label: string;
  readonly number: string;
  readonly person: DirectoryPerson;
}

function NumberFact({ label, number, person }: NumberFactProps) {
  const { t } = useWords();
  const { calls } = usePhone();
  if (useIsMe(person)) return <Fact label={label}>{readableNumber(number)}</Fact>;
  return (
    <Fact label={label}>
      <button
        type="button"
        className={classes['numberLink']}
        aria-label={t('history.dial', { who: readableNumber(number) })}
        onClick={() => void calls.place(number, person.name)}
      >
        {readableNumber(number)}
      </button>
    </Fact>
  );
}
