// The three steps as one form.

import { Alert, Button, Checkbox, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useRef, useState, type FormEvent } from 'react';
import { MODULES } from '../../../schemas/index.ts';
import type { FirstStartFields } from '../../session/setup-api.ts';
import { checkFields } from './check-fields.ts';
import { ModuleChoice } from './ModuleChoice.tsx';
import { ProblemAlert } from './ProblemAlert.tsx';
import { Step } from './Step.tsx';
import type { Problem } from './use-first-start.ts';
import { whereDataIsKept } from './where-data-is-kept.ts';

interface FirstStartFormProps {
  readonly busy: boolean;
  readonly problem: Problem | undefined;
  readonly onSubmit: (fields: FirstStartFields) => Promise<void>;
}

const EMPTY: FirstStartFields = {
  name: '',
  email: '',
  password: '',
  workspace: '',
  modules: MODULES,
  sample: false,
};

type TextField = 'name' | 'email' | 'password' | 'workspace';

const useFields = (onSubmit: FirstStartFormProps['onSubmit']) => {
  const [fields, setFields] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const errors = tried ? checkFields(fields) : {};
  const change = (changed: Partial<FirstStartFields>): void =>
    setFields((before) => ({ ...before, ...changed }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    const [first] = Object.keys(checkFields(fields));
    if (first === undefined) return void onSubmit(fields);
    const place = first === 'modules' ? '[role=checkbox]' : `[name="${first}"]`;
    form.current?.querySelector<HTMLElement>(place)?.focus();
  };
  const text = (name: TextField) => ({
    name,
    size: 'md',
    required: true,
    withAsterisk: false,
    value: fields[name],
    error: errors[name],
    onChange: (event: { currentTarget: { value: string } }): void =>
      change({ [name]: event.currentTarget.value }),
  });
  return { fields, errors, change, submit, text, form };
};

export const FirstStartForm = ({ busy, problem, onSubmit }: FirstStartFormProps) => {
  const { fields, errors, change, submit, text, form } = useFields(onSubmit);
  return (
    <form ref={form} noValidate onSubmit={submit} aria-label="First start">
      <Stack>
        <Step
          number={1}
          title="Your account"
          about="You are the owner. The command “user add” lets others in."
        >
          <TextInput label="Your name" autoComplete="name" autoFocus {...text('name')} />
          <TextInput label="Email" type="email" autoComplete="username" {...text('email')} />
          <PasswordInput
            label="Password"
            description="At least 8 characters"
            autoComplete="new-password"
            {...text('password')}
          />
        </Step>
        <Step number={2} title="Your workspace" about="What you and your team work on together.">
          <TextInput
            label="Workspace name"
            description="A team, a place or a project"
            autoComplete="organization"
            {...text('workspace')}
          />
          <Alert color="gray" role="note" title="Where your data is kept">
            <Text size="sm">{whereDataIsKept(location.hostname)}</Text>
          </Alert>
        </Step>
        <Step
          number={3}
          title="What you want to use"
          about="You can look around with sample data first."
        >
          <ModuleChoice
            value={fields.modules}
            error={errors.modules}
            onChange={(modules) => change({ modules })}
          />
          <Checkbox
            label="Load sample data"
            description="Airports, invented places with forms, and a month of feedings, to look around. Leave it out if you begin with real work."
            checked={fields.sample}
            onChange={(event) => change({ sample: event.currentTarget.checked })}
          />
        </Step>
        {problem && <ProblemAlert problem={problem} />}
        <Button type="submit" size="md" loading={busy}>
          Create workspace
        </Button>
      </Stack>
    </form>
  );
};
