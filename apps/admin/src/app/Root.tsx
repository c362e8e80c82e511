import { Outlet, useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import { SkipLink } from '../shell/SkipLink.tsx';
import { NavigatedContext } from './navigated.ts';
import { Reauthentication } from './Reauthentication.tsx';

/** What is around every page. */
export function Root() {
  const router = useRouter();
  const moved = useRef(false);
  useEffect(
    () =>
      router.subscribe('onBeforeNavigate', ({ fromLocation, pathChanged }) => {
        if (fromLocation !== undefined && pathChanged) moved.current = true;
      }),
    [router],
  );
  const navigated = useCallback(() => moved.current, []);
  return (
    <NavigatedContext value={navigated}>
      <SkipLink />
      <Outlet />
      <Reauthentication />
    </NavigatedContext>
  );
}
