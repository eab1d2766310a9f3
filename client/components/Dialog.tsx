// A question or a form over the page: in the middle of it at a desk, the whole screen of a phone.

import { Modal, type ModalProps } from '@mantine/core';
import { useNarrow } from './use-narrow.ts';

export const Dialog = (props: ModalProps) => <Modal centered fullScreen={useNarrow()} {...props} />;
