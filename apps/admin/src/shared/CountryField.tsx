import { Select } from '@mantine/core';
import { countries, type Country } from '@offhook/contract';
import { useMemo } from 'react';
import { useWords } from '../i18n/use-words.ts';

export interface CountryFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly value: Country;
  readonly onChange: (country: Country) => void;
  readonly error?: string | undefined;
}

/** A country by its name in the language that is read, found by typing a part of it. */
export function CountryField({ value, onChange, error, ...input }: CountryFieldProps) {
  const { i18n } = useWords();
  const data = useMemo(() => {
    const names = new Intl.DisplayNames([i18n.language], { type: 'region' });
    const order = new Intl.Collator(i18n.language);
    return countries
      .map((country) => ({ value: country, label: names.of(country) ?? country }))
      .toSorted((a, b) => order.compare(a.label, b.label));
  }, [i18n.language]);
  return (
    <Select
      {...input}
      {...(error === undefined ? {} : { error })}
      searchable
      allowDeselect={false}
      value={value}
      data={data}
      onChange={(country) => {
        if (country !== null) onChange(country);
      }}
    />
  );
}
