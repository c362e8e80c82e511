import { Navigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { homeOf, useSession } from '../app/session.ts';
import { PageLoading } from './PageLoading.tsx';
import { Unreachable } from './Unreachable.tsx';

/** Sends everybody to where they begin. */
export function Home() {
  const { data, error, refetch } = useSession();
  const me = data?.me;
  const home = me === undefined || me === null ? undefined : homeOf(me.role);
  useEffect(() => {
    if (home === '/') window.location.replace('/');
  }, [home]);
  if (error !== null) return <Unreachable problem={error} onRetry={() => void refetch()} />;
  if (me === null) return <Navigate to="/account/sign-in" replace />;
  if (home === undefined || home === '/') return <PageLoading />;
  return <Navigate to={home} replace />;
}
