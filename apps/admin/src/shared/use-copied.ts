import { useEffect, useState } from 'react';

const SHOWN_MS = 2_000;

export interface Copied {
  /** Just now, for two seconds. */
  readonly copied: boolean;
  readonly copy: () => Promise<void>;
}

export function useCopied(value: string, onCopied?: () => void): Copied {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = window.setTimeout(() => setCopied(false), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [copied]);
  return {
    copied,
    async copy() {
      await writeClipboard(value);
      setCopied(true);
      onCopied?.();
    },
  };
}

/** The clipboard's API is only there on HTTPS and localhost; the older way works everywhere. */
async function writeClipboard(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.style.position = 'fixed';
    field.style.opacity = '0';
    const { activeElement } = document;
    (activeElement?.closest('[role="dialog"]') ?? document.body).append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
    if (activeElement instanceof HTMLElement) activeElement.focus();
  }
}
