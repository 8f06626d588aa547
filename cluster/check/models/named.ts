/** The models by name. */
import { kvModel } from './kv.ts';
import type { Model, ModelName } from './model.ts';
import { registerModel } from './register.ts';
import { znodeModel } from './znode.ts';

export const modelsByName: Readonly<Record<ModelName, Model>> = {
  register: registerModel,
  kv: kvModel,
  znode: znodeModel,
};
