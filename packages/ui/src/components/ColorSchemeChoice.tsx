import { SegmentedControl, Text, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useId } from 'react';

const schemes = ['auto', 'light', 'dark'] as const satisfies readonly MantineColorScheme[];

export interface ColorSchemeChoiceProps {
  readonly label: string;
  readonly nameOf: (scheme: MantineColorScheme) => string;
}

/** Light, dark, or as the system has it. */
export function ColorSchemeChoice({ label, nameOf }: ColorSchemeChoiceProps) {
  const id = useId();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <div>
      <Text size="sm" fw={500} mb={6} id={id}>
        {label}
      </Text>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-labelledby={id}
        value={colorScheme}
        onChange={setColorScheme}
        data={schemes.map((scheme) => ({ value: scheme, label: nameOf(scheme) }))}
      />
    </div>
  );
}
