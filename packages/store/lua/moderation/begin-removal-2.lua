#!lua flags=allow-oom
-- Notes that a message is to be removed, and that in the audit log, before anything is done: so that another process
-- can finish it. As long as the removal is noted, the same again changes nothing.
-- KEYS: 1 removals  2 audit
-- ARGV: 1 id (of the room and the message)  2 removal (JSON)  3 by (the name of the operator)  4 reason
--       5 noted (of the message, for the audit log, JSON)
-- Returns 1 · 0 it is noted already
local removals, audit = unpack(KEYS)
local id, removal, by, reason, noted = unpack(ARGV)
if redis.call('HSETNX', removals, id, removal) == 0 then return 0 end
redis.call('XADD', audit, '*', 'action', 'remove-message', 'by', by, 'message', noted, 'reason', reason)
return 1
