import { lookUp } from './lookup';
import type { ApplyMethod } from './setting';

/**
 * How a parameter is to be applied. RDS refuses `immediate` for a static one, and lets a dynamic one that is
 * `pending-reboot` wait for a restart of the server for nothing (ModifyDBClusterParameterGroup). Of one that no table
 * knows nobody can tell which it is: `pending-reboot` is what RDS takes for both.
 */
export function applyMethod(name: string, major: number): ApplyMethod {
  const known = lookUp(name, major);
  const dynamic = 'row' in known && known.row.applyType === 'dynamic';
  return dynamic ? 'immediate' : 'pending-reboot';
}
