#!lua flags=allow-oom
-- Lifts a ban before its end, and notes that in the audit log.
-- KEYS: 1 bans  2 ends  3 meta  4 audit  5 banChanges
-- ARGV: 1 id  2 by (the name of the operator)  3 reason ('' none is given)  4 now (ms)
-- Returns { the revision before, the revision now, the ban (JSON) }; without the ban if there is none
local bans, ends, meta, audit, banChanges = unpack(KEYS)
local id, by, reason, now = unpack(ARGV)
local before = redis.call('HGET', meta, 'revision') or '0'
local ban = redis.call('HGET', bans, id)
if not ban then return { before, before } end
redis.call('HDEL', bans, id)
redis.call('ZREM', ends, id)
redis.call('XADD', audit, '*', 'action', 'unban', 'by', by, 'ban', ban, 'reason', reason)
local revision = nextRevision(before, now)
redis.call('HSET', meta, 'revision', revision)
redis.call('SPUBLISH', banChanges, cjson.encode({ before, revision, 'drop', id }))
return { before, revision, ban }
