import util from 'node:util';

// cdktf calls util.isArray for every output. It is deprecated: Node warns of it on stderr from 22 on, and may drop it.
// cdktf gets no fixes any more (docs/adr/0001-cdktf-although-archived.md), so it is given the function that Node names
// instead.
Object.assign(util, { isArray: Array.isArray });
