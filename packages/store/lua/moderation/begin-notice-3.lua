#!lua
-- Notes an event of a back end, with its receivers, before it is sent to anybody: so that another process can finish it,
-- and so that a request that is repeated with its id finds the result of the first one.
-- KEYS: 1 notice  2 openNotices  3 audit
-- ARGV: 1 id  2 digest (of the receivers, the name and the payload)  3 request (JSON)  4 now (ms)
--       5 remembered (for how long, ms)  6 by (the operator's name; '' the audit log does not get it)
--       7 noted (what the audit log gets, JSON)
-- Returns { '1' begun · '0' there was one, field, value … }
-- Errors: -11 conflict: the id is another event's
local notice, openNotices, audit = unpack(KEYS)
local id, digest, request, now, remembered, by, noted = unpack(ARGV)
local known = redis.call('HGET', notice, 'digest')
if known and known ~= digest then return -11 end
if known then return { '0', unpack(redis.call('HGETALL', notice)) } end
redis.call('HSET', notice, 'digest', digest, 'request', request, 'cursor', '0', 'connected', 0, 'detached', 0)
redis.call('PEXPIRE', notice, remembered)
redis.call('ZADD', openNotices, now, id)
if by ~= '' then redis.call('XADD', audit, '*', 'action', 'notify', 'by', by, 'notice', noted) end
return { '1', unpack(redis.call('HGETALL', notice)) }
