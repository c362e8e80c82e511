import { Button, Textarea } from '@mantine/core';
import { OffhookError, SupportContact, SupportLimits } from '@offhook/contract';
import type { CheckReport } from '@offhook/phone-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usePhone } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import type { WordKey } from '../i18n/words.ts';
import classes from './CheckPanel.module.css';

type Sending =
  | { readonly name: 'idle' | 'busy' | 'sent' }
  | { readonly name: 'failed'; readonly words: WordKey };

/** The log bundle: seen first, then downloaded or sent. What is shown is what is sent, to the letter. */
export function SupportSection({ checks }: { readonly checks: readonly CheckReport[] }) {
  const { t } = useWords();
  const phone = usePhone();
  const [bundle, setBundle] = useState<string>();
  const [note, setNote] = useState('');
  const [sending, setSending] = useState<Sending>({ name: 'idle' });
  const { data } = useQuery({
    queryKey: ['support'],
    queryFn: async () => SupportContact.parse(await phone.ask({ method: 'GET', path: '/api/support' })),
  });
  const contact = data?.contact ?? undefined;

  async function send(text: string): Promise<void> {
    setSending({ name: 'busy' });
    try {
      await phone.ask({ method: 'POST', path: '/api/support/bundle', body: { note, bundle: text } });
      setSending({ name: 'sent' });
    } catch (thrown) {
      setSending({ name: 'failed', words: `error.${OffhookError.from(thrown).code}` });
    }
  }

  return (
    <section className={classes['support']} aria-labelledby="support-title">
      <h3 id="support-title">{t('check.support')}</h3>
      <p>{t('check.support.hint')}</p>
      {bundle === undefined ? (
        <Button variant="default" onClick={() => setBundle(phone.diagnostics.bundle(checks))}>
          {t('check.prepare')}
        </Button>
      ) : (
        <>
          <Textarea
            label={t('check.preview')}
            classNames={{ input: classes['preview'] ?? '' }}
            value={bundle}
            readOnly
            rows={10}
          />
          <Textarea
            label={t('check.note')}
            maxLength={SupportLimits.noteChars}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <div className={classes['actions']}>
            <Button variant="default" onClick={() => download(bundle)}>
              {t('check.download')}
            </Button>
            {contact === undefined ? null : (
              <Button
                loading={sending.name === 'busy'}
                disabled={sending.name === 'sent'}
                onClick={() => void send(bundle)}
              >
                {t('check.send', { contact })}
              </Button>
            )}
          </div>
          {data !== undefined && contact === undefined ? <p>{t('check.noContact')}</p> : null}
          {sending.name === 'sent' ? <p aria-live="polite">{t('check.sent')}</p> : null}
          {sending.name === 'failed' ? <p role="alert">{t(sending.words)}</p> : null}
        </>
      )}
    </section>
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'offhook-log.json';
  link.click();
  URL.revokeObjectURL(url);
}
