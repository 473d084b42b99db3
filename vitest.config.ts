import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Vitest leaves a processor free, which on two of them is half of the machine. Projects whose files share something say so below.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'packages/*/test/**/*.test.ts',
            'apps/server/test/**/*.test.ts',
            'apps/web/test/**/*.test.ts',
            'tests/architecture/**/*.test.ts',
            'tests/scripts/**/*.test.ts',
          ],
          exclude: ['**/*.simulation.test.ts'],
          // Generous, because a busy machine is not a failure; nothing in these waits for real time to pass.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'simulation',
          include: ['{packages/*/test,tests/simulation}/**/*.simulation.test.ts'],
          testTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'contracts',
          // Its files share a Redis server and empty it.
          fileParallelism: false,
          include: ['tests/contracts/**/*.test.ts'],
          globalSetup: ['tests/harness/services.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: ['tests/harness/services.ts'],
          provide: { database: 'PGlite' },
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          // The rules that rest on what is stored, once more on a PostgreSQL server.
          name: 'integration-postgres',
          include: [
            'firstCall',
            'ringing',
            'restart',
            'history',
            'historyPlan',
            'groups/calls',
            'groups/links',
            'groups/saved',
            'groups/restart',
          ].map((name) => `tests/integration/${name}.test.ts`),
          globalSetup: ['tests/harness/services.ts'],
          provide: { database: 'PostgreSQL' },
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          // Processes that die under load: one at a time, or the processor is what fails.
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          // Real browsers in network namespaces behind real NATs: needs root.
          name: 'network',
          include: ['tests/network/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
