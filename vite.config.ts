// How the dashboard is built and, with `vite`, served while one works on it.

import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { serviceWorker } from './vite.worker.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** What every first page loads, and more than one of its parts asks for. */
const FIRST =
  /client\/(?:database\/(?:name|remove)|rescue\/raw-database|update\/|version|storage\/write-failure|queries\/(?:use-draft|format)|session\/setup-api)/;

export default defineConfig({
  root: 'client',
  define: { HOLDFAST_VERSION: JSON.stringify(version) },
  plugins: [react(), serviceWorker()],
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'es2023',
    // Inlined files would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    // As one file they are smaller than as a dozen.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'base', test: FIRST }] } } },
  },
  server: { proxy: { '/api': 'http://localhost:8080' } },
});
