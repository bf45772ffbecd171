/** How the server names triggers of its own, with an oid behind it (trigger.c, CreateTriggerFiringOn). */
export const INTERNAL_TRIGGER =
  '^"(RI_ConstraintTrigger_[ac]|PK_ConstraintTrigger|Unique_ConstraintTrigger)_[0-9]+" on ';
