import { ActionIcon } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import {
  counterpartOf,
  isMuted,
  isRingingHere,
  noActivity,
  permits,
  type PhoneState,
} from '@offhook/phone-core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useWords } from '../i18n/use-words.ts';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { statusTone } from '../words/call-words.ts';
import { partyWords } from '../words/party.ts';
import classes from './CallCard.module.css';
import { CallControls } from './CallControls.tsx';
import { CardHead } from './CardHead.tsx';
import { KeypadInCall } from './KeypadInCall.tsx';
import { Members } from './Members.tsx';
import { PairBar } from './PairBar.tsx';
import { PositionMenu } from './PositionMenu.tsx';
import { ProblemNote } from './ProblemNote.tsx';
import { serviceOfPanel, type CardPanel, type Pressed } from './service-buttons.ts';
import { drawnServices, isConference, type StageItem } from './stage.ts';
import { TargetPanel } from './TargetPanel.tsx';
import { useKeptFocus } from './use-kept-focus.ts';
import { QualityLine } from '../quality/QualityLine.tsx';
import { VoiceNote } from './VoiceNote.tsx';

export interface CallCardProps {
  /** One call, or all that are one conference here. */
  readonly calls: StageItem;
  /** One row, for a call that is not the one that matters most. */
  readonly compact: boolean;
  /** Other cards have to be in sight as well. */
  readonly crowded: boolean;
}

export function CallCard({ calls: item, compact, crowded }: CallCardProps) {
  const { t } = useWords();
  const phone = usePhone();
  const [call] = item;
  const activity = usePhoneState((state) => state.activities[call.callId] ?? noActivity);
  const ringing = usePhoneState((state) => isRingingHere(state, call));
  const conference = usePhoneState((state) => isConference(state, call));
  const drawn = usePhoneState(useShallow((state: PhoneState) => drawnServices(state, call)));
  const [panel, setPanel] = usePanel(item, conference);
  const pressed = usePressed(item, panel, setPanel);

  const ended = call.state.name === 'ended';
  const focus = useKeptFocus(ended);
  const who = partyWords(call.remote).title ?? t('call.unknownCaller');
  const dense = panel !== undefined || conference || crowded || activity.problem !== undefined;
  return (
    <article
      {...focus}
      // The focus rests here while the call has no button to take it.
      tabIndex={-1}
      className={classes['card']}
      data-compact={compact || undefined}
      data-ringing={ringing || undefined}
      data-panel={panel === undefined ? undefined : panel === 'keypad' ? 'keypad' : 'target'}
      data-dense={dense || undefined}
      data-tone={statusTone(call)}
      aria-label={conference ? t('conference.title') : who}
    >
      <CardHead
        calls={item}
        conference={conference}
        activity={activity}
        compact={compact}
        place={<PositionMenu pressed={pressed} drawn={drawn} activity={activity} />}
      />
      <VoiceNote call={call} />
      <QualityLine call={call} compact={compact} />
      {activity.calledBack ? <span className={classes['done']}>{t('call.callBackSet')}</span> : null}
      {activity.problem === undefined ? null : (
        <ProblemNote
          problem={activity.problem}
          {...(permits(call, 'answer')
            ? { onListenOnly: () => void phone.calls.answer(call.callId, { listenOnly: true }) }
            : {})}
          onDismiss={() => phone.calls.dismissProblem(call.callId)}
        />
      )}
      {conference && !compact ? <Members calls={item} /> : null}
      {panel === undefined ? null : panel === 'keypad' ? (
        <KeypadInCall callId={call.callId} />
      ) : (
        <TargetPanel
          key={panel}
          mode={panel}
          call={call}
          activity={activity}
          onClose={() => setPanel(undefined)}
        />
      )}
      <CallControls pressed={pressed} drawn={drawn} activity={activity} compact={compact} panel={panel} />
      <PairBar pressed={pressed} drawn={drawn} activity={activity} />
      {ended ? (
        <ActionIcon
          className={classes['dismiss'] ?? ''}
          variant="subtle"
          color="gray"
          aria-label={t('app.dismiss')}
          onClick={() => phone.calls.dismissCall(call.callId)}
        >
          <IconX size={18} />
        </ActionIcon>
      ) : null}
    </article>
  );
}

/**
 * What is open in the card: only ever what the call still permits. Who is chosen in a panel is chosen for the conversation in which it was
 * opened: when that is joined with another, taken apart or goes elsewhere, the panel closes.
 */
function usePanel(
  item: StageItem,
  conference: boolean,
): [CardPanel | undefined, (panel: CardPanel | undefined) => void] {
  const [call] = item;
  const [opened, setOpened] = useState<{ panel: CardPanel; conversation: string }>();
  const ids = item.map(({ callId }) => callId).join(' ');
  const conversation = `${ids} ${call.position} ${String(conference)}`;
  const setPanel = (panel: CardPanel | undefined): void => {
    setOpened(panel === undefined ? undefined : { panel, conversation });
  };
  const isStale = opened !== undefined && opened.conversation !== conversation;
  // Not only hidden: it is not to come back when the conference is over.
  if (isStale) setOpened(undefined);
  const panel = isStale ? undefined : opened?.panel;
  const open = panel !== undefined && permits(call, serviceOfPanel(panel)) ? panel : undefined;
  useHotkeys(open === 'keypad' ? [['Escape', () => setPanel(undefined)]] : [], []);
  return [open, setPanel];
}

function usePressed(
  item: StageItem,
  panel: CardPanel | undefined,
  setPanel: (panel: CardPanel | undefined) => void,
): Pressed {
  const { calls } = usePhone();
  const [call] = item;
  const muted = usePhoneState((state) => isMuted(state, call));
  const counterpart = usePhoneState((state) => counterpartOf(state, call));
  return {
    calls,
    call,
    counterpart,
    muted,
    // A conference that shows as several calls is one to the person.
    hangUp: () => item.forEach((one) => void calls.hangUp(one.callId)),
    togglePanel: (next) => setPanel(next === panel ? undefined : next),
  };
}
