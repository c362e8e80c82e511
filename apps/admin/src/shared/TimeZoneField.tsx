import { Select } from '@mantine/core';
import { useMemo } from 'react';

export interface TimeZoneFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly onChange: (zone: string) => void;
  readonly error?: string | undefined;
}

const SHOWN = 60;

/** An IANA name, found by typing a part of it. */
export function TimeZoneField({ value, onChange, error, ...input }: TimeZoneFieldProps) {
  const zones = useMemo(() => [...new Set([value, ...Intl.supportedValuesOf('timeZone')])].sort(), [value]);
  return (
    <Select
      {...input}
      {...(error === undefined ? {} : { error })}
      searchable
      allowDeselect={false}
      limit={SHOWN}
      value={value}
      data={zones}
      onChange={(zone) => {
        if (zone !== null) onChange(zone);
      }}
    />
  );
}
