#!lua flags=allow-oom
-- Puts a ban in force, in the place of one of the same subject, and notes that in the audit log. The very same ban again
-- changes nothing. Revisions grow with the time too, so that none is given twice if the last ones were lost.
-- KEYS: 1 bans  2 ends  3 meta  4 audit  5 banChanges
-- ARGV: 1 id  2 ban (JSON)  3 over (when it ends, Unix ms; '' never)  4 by (the name of the operator)  5 now (ms)
-- Returns { the revision before, the revision now }: the same if nothing changed
local bans, ends, meta, audit, banChanges = unpack(KEYS)
local id, ban, over, by, now = unpack(ARGV)
local before = redis.call('HGET', meta, 'revision') or '0'
if redis.call('HGET', bans, id) == ban then return { before, before } end
redis.call('HSET', bans, id, ban)
if over == '' then redis.call('ZREM', ends, id) else redis.call('ZADD', ends, over, id) end
redis.call('XADD', audit, '*', 'action', 'ban', 'by', by, 'ban', ban)
local revision = nextRevision(before, now)
redis.call('HSET', meta, 'revision', revision)
redis.call('SPUBLISH', banChanges, cjson.encode({ before, revision, 'put', ban }))
return { before, revision }
