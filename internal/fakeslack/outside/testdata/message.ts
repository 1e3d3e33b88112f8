// What the bot sends, in Slack's own types; schema.mjs makes the JSON Schema of it.
// Slack's view types let any object pass for a block, so they are narrowed here.
import type { HomeView, KnownBlock, MessageMetadata, ModalView } from '@slack/types';

export interface Message {
  text: string;
  blocks?: KnownBlock[];
  metadata?: MessageMetadata;
}

export interface Modal extends Omit<ModalView, 'blocks'> {
  blocks: KnownBlock[];
}

export interface Home extends Omit<HomeView, 'blocks'> {
  blocks: KnownBlock[];
}
