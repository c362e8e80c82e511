import { NativeSelect } from '@mantine/core';
import { Language } from '@offhook/contract';
import { languageNames, languages } from '@offhook/words';

export interface LanguageFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly value: Language;
  readonly onChange: (language: Language) => void;
  readonly disabled?: boolean;
}

/** A language that mails and pages are in, by its own name. */
export function LanguageField({ value, onChange, ...input }: LanguageFieldProps) {
  return (
    <NativeSelect
      {...input}
      value={value}
      data={languages.map((code) => ({ value: code, label: languageNames[code] }))}
      onChange={(event) => onChange(Language.parse(event.currentTarget.value))}
    />
  );
}
