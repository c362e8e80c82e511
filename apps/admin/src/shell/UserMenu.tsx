import { Divider, Popover, Stack, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Me } from '@offhook/contract';
import { ColorSchemeChoice, PersonAvatar } from '@offhook/ui';
import { IconLogout, IconPhone, IconSelector, IconShieldLock } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useApi } from '../api/ApiContext.tsx';
import { enterSession } from '../app/session.ts';
import { useWords } from '../i18n/use-words.ts';
import { useToasts } from '../shared/Toasts.tsx';
import { LanguageSelect } from './LanguageSelect.tsx';
import classes from './UserMenu.module.css';

export interface UserMenuProps {
  readonly me: Me;
  /** Only the avatar, for a narrow head. */
  readonly compact?: boolean;
}

export function UserMenu({ me, compact = false }: UserMenuProps) {
  const { t } = useWords();
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && close()}
      position={compact ? 'bottom-end' : 'top-start'}
      width={288}
      radius="lg"
      trapFocus
      returnFocus
      shadow="lg"
    >
      <Popover.Target>
        <UnstyledButton className={classes['trigger']} data-compact={compact || undefined} onClick={toggle}>
          {/* The initials are a picture of the name that is said beside them. */}
          <span aria-hidden="true">
            <PersonAvatar name={me.name} size={34} />
          </span>
          <VisuallyHidden>
            {compact ? `${t('shell.account')}: ${me.name}` : t('shell.account')}
          </VisuallyHidden>
          {compact ? null : (
            <>
              <span className={classes['who']}>
                <span className={classes['name']}>{me.name}</span>
                <span className={classes['email']}>{me.email}</span>
              </span>
              <IconSelector size={16} aria-hidden="true" />
            </>
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <Panel me={me} onClose={close} withName={compact} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface PanelProps {
  readonly me: Me;
  readonly onClose: () => void;
  readonly withName: boolean;
}

function Panel({ me, onClose, withName }: PanelProps) {
  const { t } = useWords();
  return (
    <>
      {withName ? (
        <div className={classes['person']}>
          <span className={classes['name']}>{me.name}</span>
          <span className={classes['email']}>{me.email}</span>
        </div>
      ) : null}
      <Stack gap="md" p="md">
        <ColorSchemeChoice label={t('shell.theme')} nameOf={(scheme) => t(`shell.theme.${scheme}`)} />
        <LanguageSelect />
      </Stack>
      <Divider />
      <div className={classes['links']}>
        <Link to="/account/security" className={classes['item']} onClick={onClose}>
          <IconShieldLock size={18} stroke={1.7} aria-hidden="true" />
          {t('shell.security')}
        </Link>
        {me.role === 'provider' ? null : (
          <a href="/" className={classes['item']}>
            <IconPhone size={18} stroke={1.7} aria-hidden="true" />
            {t('shell.phone')}
          </a>
        )}
        <SignOut />
      </div>
    </>
  );
}

function SignOut() {
  const { t } = useWords();
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  async function signOut(): Promise<void> {
    try {
      await api.send('DELETE', '/api/session');
      await navigate({ to: '/account/sign-in' });
      await enterSession(queries, null);
    } catch (thrown) {
      toasts.problem(thrown);
    }
  }
  return (
    <UnstyledButton className={classes['item']} onClick={() => void signOut()}>
      <IconLogout size={18} stroke={1.7} aria-hidden="true" />
      {t('shell.signOut')}
    </UnstyledButton>
  );
}
