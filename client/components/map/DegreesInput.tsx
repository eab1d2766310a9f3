// Latitude or longitude: what is no number stays as it was typed, so that it can be put right.

import { TextInput } from '@mantine/core';
import { useState } from 'react';

interface DegreesInputProps {
  readonly label: string;
  readonly description: string;
  /** Text while it is no number. */
  readonly value: number | string;
  readonly error: string | undefined;
  readonly onChange: (value: number | string) => void;
}

const DECIMAL = /^[-+]?(\d+([.,]\d*)?|[.,]\d+)$/;

/** People write a minus as it comes, and a comma for the point. */
const degreesOf = (text: string): number | string => {
  const plain = text.trim().replace('\u2212', '-');
  return DECIMAL.test(plain) ? Number(plain.replace(',', '.')) : plain;
};

export const DegreesInput = ({ value, onChange, ...rest }: DegreesInputProps) => {
  const [typed, type] = useState(String(value));
  return (
    <TextInput
      {...rest}
      required
      // The number pads of some phones have no minus.
      inputMode="text"
      autoComplete="off"
      value={degreesOf(typed) === value ? typed : String(value)}
      onChange={(event) => {
        type(event.currentTarget.value);
        onChange(degreesOf(event.currentTarget.value));
      }}
    />
  );
};
