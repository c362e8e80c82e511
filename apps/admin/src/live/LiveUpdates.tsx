import { SessionBody } from '@offhook/contract';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { nobody, sessionKey } from '../app/session.ts';
import { useWords } from '../i18n/use-words.ts';
import { createLive, type Live, type OpenStream } from './live.ts';
import classes from './LiveUpdates.module.css';
import { lookAnew, tellQueries } from './tell-queries.ts';

export const LiveStreamContext = createContext<OpenStream | undefined>(undefined);

/** Keeps what pages show as it is, while the portal is open; says where that is interrupted. */
export function LiveUpdates() {
  const { t } = useWords();
  const live = useLive();
  const isInterrupted = useSyncExternalStore(live.subscribe, live.isInterrupted);
  useEffect(() => {
    const look = (): void => live.setSeen(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', look);
    look();
    live.start();
    return () => {
      document.removeEventListener('visibilitychange', look);
      live.stop();
    };
  }, [live]);
  return (
    <div role="status" className={classes['place']}>
      {isInterrupted ? (
        <span className={classes['note']}>
          <IconPlugConnectedX size={16} aria-hidden="true" />
          {t('shell.live.interrupted')}
        </span>
      ) : null}
    </div>
  );
}

function useLive(): Live {
  const openStream = useContext(LiveStreamContext);
  const queries = useQueryClient();
  const api = useApi();
  const [live] = useState((): Live => {
    if (openStream === undefined) throw new Error('LiveUpdates is for components inside LiveStreamContext.');
    // A refusal has no words in a browser's stream: whether it is the session is asked for.
    const askForSession = async (): Promise<void> => {
      const session = await api.get('/api/session', SessionBody).catch(() => undefined);
      if (session?.me === null) queries.setQueryData(sessionKey, nobody);
    };
    return createLive({
      openStream,
      lookAnew: (occasion) => {
        lookAnew(queries);
        if (occasion === 'failed') void askForSession();
      },
      onEvent: (event) => {
        tellQueries(queries, event);
        if (event.kind === 'session.ended') void askForSession();
      },
    });
  });
  return live;
}
