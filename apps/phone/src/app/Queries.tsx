import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';

/** One for the page: what a section has asked for is still there when it is opened again. */
const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, retryDelay: 400 } } });

/** For the sections, which ask the cloud and keep its answers; loaded with the first of them. */
export default function Queries({ children }: { readonly children: ReactNode }) {
  return <QueryClientProvider client={queries}>{children}</QueryClientProvider>;
}
