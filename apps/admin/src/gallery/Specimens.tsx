import { Button, Group, Select, Stack } from '@mantine/core';
import { OffhookError } from '@offhook/contract';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { Chart } from '../shared/Chart.tsx';
import { ConfirmByName } from '../shared/ConfirmByName.tsx';
import { CopyField } from '../shared/CopyField.tsx';
import { DataTable, type DataColumn } from '../shared/DataTable.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { useListView } from '../shared/list-view.ts';
import { PageHeader } from '../shared/PageHeader.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { ProgressBar } from '../shared/ProgressBar.tsx';
import { SecretOnce } from '../shared/SecretOnce.tsx';
import { useSelection } from '../shared/selection.tsx';
import { StatusPill, type Tone } from '../shared/StatusPill.tsx';
import { useToasts } from '../shared/Toasts.tsx';

const frame = { padding: 24, maxWidth: 1100, margin: '0 auto' };
const tones = ['good', 'wait', 'bad', 'quiet', 'accent'] as const satisfies readonly Tone[];

export function PartsSpecimen() {
  const toasts = useToasts();
  const [asking, setAsking] = useState(false);
  const hours = Array.from({ length: 48 }, (_, hour) => `${hour % 24}:00`);
  return (
    <main style={frame} id="content" tabIndex={-1}>
      <PageHeader
        title="Parts"
        hint="What every page is made of, in one place."
        badge={<StatusPill tone="good">Online</StatusPill>}
        actions={
          <>
            <Button
              variant="default"
              onClick={() => toasts.show({ text: 'User disabled.', undo: async () => undefined })}
            >
              Toast
            </Button>
            <Button color="signal" onClick={() => setAsking(true)}>
              Delete
            </Button>
          </>
        }
      />
      <Stack gap="lg">
        <Panel title="States" hint="Words first; the colour repeats them.">
          <Group gap="sm">
            {tones.map((tone) => (
              <StatusPill key={tone} tone={tone}>
                {tone}
              </StatusPill>
            ))}
          </Group>
        </Panel>
        <Panel title="Registered lines and calls">
          <Chart
            title="Registered lines and calls"
            summary="Registered lines of the last 48 hours."
            labels={hours.map((hour, index) => (index < 24 ? `−1 ${hour}` : hour))}
            series={[
              {
                name: 'Calls',
                kind: 'bars',
                tone: 'accent',
                values: hours.map((_, hour) => Math.max(0, Math.round(90 * Math.sin(((hour % 24) - 6) / 4)))),
              },
              {
                name: 'Lines',
                kind: 'line',
                tone: 'good',
                values: hours.map((_, hour) => (hour === 20 ? 64 : 118)),
              },
            ]}
            limit={{ name: 'Seats', value: 150 }}
          />
        </Panel>
        <Panel title="Copy">
          <CopyField label="Redirect address" value="https://phone.berger.example/api/sso/oidc/callback" />
        </Panel>
        <Panel title="Progress">
          <Stack>
            <ProgressBar label="Reading the file" share={0.42} detail="21,000 of 50,000 rows" />
            <ProgressBar label="Waiting for the connector" />
            <ProblemNote problem={new OffhookError('seats_exhausted')} />
          </Stack>
        </Panel>
      </Stack>
      {asking ? (
        <ConfirmByName
          title="Delete customer"
          name="Berger & Söhne GmbH"
          confirm="Delete customer"
          act={async () => Promise.reject(new OffhookError('conflict'))}
          onClose={() => setAsking(false)}
        >
          All users and their call records are deleted after 30 days. Until then you can take it back.
        </ConfirmByName>
      ) : null}
    </main>
  );
}

interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly number: string;
  readonly tone: Tone;
}

const people: readonly Person[] = Array.from({ length: 25 }, (_, index) => ({
  id: String(index),
  name:
    [
      'Anna Berger',
      'Ben Carter',
      'Carla Duval',
      'Maximilian von und zu Hohenstein-Brandenburg',
      'Émile Zola',
    ][index % 5] ?? '',
  email: `person.${index}@berger.example`,
  number: String(100 + index),
  tone: tones[index % 3] ?? 'good',
}));

const columns: readonly DataColumn<Person>[] = [
  {
    id: 'name',
    title: 'Name',
    cell: ({ name }) => <b style={{ fontWeight: 560 }}>{name}</b>,
    sortable: true,
    narrow: 'head',
  },
  { id: 'email', title: 'E-mail', cell: ({ email }) => email, sortable: true },
  { id: 'number', title: 'Number', cell: ({ number }) => number, sortable: true, align: 'end' },
  { id: 'status', title: 'Status', cell: ({ tone }) => <StatusPill tone={tone}>{tone}</StatusPill> },
];

export function TableSpecimen({ rows }: { readonly rows: 'some' | 'none' | 'loading' | 'failed' }) {
  const [view, onView] = useListView({ sort: 'name' });
  const selection = useSelection();
  return (
    <main style={frame} id="content" tabIndex={-1}>
      <PageHeader title="Users" hint="Everybody who telephones." actions={<Button>New user</Button>} />
      <DataTable
        label="Users"
        columns={columns}
        rows={rows === 'some' ? people : rows === 'none' ? [] : undefined}
        total={rows === 'some' ? 48_310 : rows === 'none' ? 0 : undefined}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        view={view}
        onView={onView}
        problem={rows === 'failed' ? new OffhookError('unavailable') : undefined}
        onRetry={() => undefined}
        searchLabel="Search users"
        filters={
          <Select size="sm" w={150} placeholder="Status" aria-label="Status" data={['Active', 'Disabled']} />
        }
        selection={selection}
        bulk={<Button size="compact-sm">Disable</Button>}
        onOpen={() => undefined}
        empty={
          <EmptyState
            icon={IconUsers}
            title="No users yet"
            hint="Create the first one, or import a list."
            action={<Button>New user</Button>}
          />
        }
      />
    </main>
  );
}

export function SecretSpecimen() {
  return (
    <SecretOnce
      title="API key"
      secret={{ label: 'API key', value: 'ohk_0123456789abcdefghijklmnopqrstuvwxyz' }}
      onDone={() => undefined}
    >
      <CopyField label="Start the connector" value="docker run -e OFFHOOK_API_KEY=… offhook/connector" />
    </SecretOnce>
  );
}
