"""The SQL of the hand-written pages."""

from __future__ import annotations

MAY_SEE = """EXISTS (SELECT 1 FROM assignments a WHERE a.user_uid = :me AND a.ended_at IS NULL
    AND (a.of_uid = g.uid OR a.of_uid = g.site_uid))"""
MY_WORKSHOP = """EXISTS (SELECT 1 FROM assignments a WHERE a.user_uid = :me AND a.ended_at IS NULL
    AND (a.of_uid = w.uid OR a.of_uid = w.site_uid))"""
STATE = """CASE WHEN m.missed_at IS NOT NULL THEN 'missed' WHEN m.cancelled_at IS NOT NULL
    THEN 'cancelled' WHEN m.held_at IS NOT NULL THEN 'held' ELSE 'scheduled' END AS state"""
GROUP_STATE = """CASE WHEN g.cancelled_at IS NOT NULL THEN 'cancelled' WHEN g.completed_at
    IS NOT NULL THEN 'completed' WHEN g.active_at IS NOT NULL THEN 'active' WHEN g.enrolling_at
    IS NOT NULL THEN 'enrolling' ELSE 'planned' END AS state"""
STAY_STATE = """CASE WHEN s.ended_as IS NOT NULL THEN s.ended_as WHEN s.joined_on IS NOT NULL
    THEN 'active' WHEN s.offered_until > :now THEN 'offered' ELSE 'waiting' END AS state"""
SIGN_UP_STATE = """CASE WHEN u.ended_as IS NOT NULL THEN u.ended_as WHEN u.came_as IS NOT NULL
    THEN u.came_as WHEN u.confirmed_at IS NOT NULL THEN 'confirmed' WHEN u.offered_until > :now
    THEN 'offered' WHEN u.offered_until IS NOT NULL THEN 'expired' WHEN u.line IS NOT NULL
    THEN 'waiting' ELSE 'requested' END AS state"""
# Asked not to be contacted, or took back that they may be and did not agree again since.
STOPPED = """(c.do_not_contact OR (EXISTS (SELECT 1 FROM consents k
    WHERE k.person_uid = c.person_uid AND k.purpose = 'contact') AND NOT EXISTS (SELECT 1
    FROM consents k WHERE k.person_uid = c.person_uid AND k.purpose = 'contact'
    AND k.withdrawn_on IS NULL))) AS stopped"""
COVERS = "s.joined_on <= :day AND (s.ended_on IS NULL OR s.ended_on >= :day)"
TITLE = "coalesce(nullif(w.title_ar, ''), w.title_en)"

USER = """SELECT u.uid, u.working_name, k.role FROM cookies k JOIN users u ON u.uid = k.user_uid
    WHERE k.cookie = ?"""
GROUP = f"""SELECT g.*, {GROUP_STATE}, p.name AS site FROM groups g
    JOIN sites p ON p.uid = g.site_uid WHERE g.uid = :uid AND {MAY_SEE}"""
GROUPS = f"""SELECT g.*, {GROUP_STATE}, p.name AS site, (SELECT min(m."on")
    FROM group_sessions m WHERE m.group_uid = g.uid AND m.starts_at >= :now
    AND m.missed_at IS NULL AND m.cancelled_at IS NULL) AS next_on
    FROM groups g JOIN sites p ON p.uid = g.site_uid WHERE {MAY_SEE}
    ORDER BY g.completed_at IS NOT NULL, g.planned_at DESC"""
MEETINGS = f"""SELECT m.*, {STATE} FROM group_sessions m WHERE m.group_uid = ?
    ORDER BY m."on", m.at"""
TEAM = """SELECT f.part, u.working_name FROM assignments f JOIN users u ON u.uid = f.user_uid
    WHERE f.of_uid = ? AND f.ended_at IS NULL ORDER BY f.part, u.working_name"""
ROSTER = f"""SELECT s.*, {STAY_STATE}, c.name, c.code, {STOPPED} FROM memberships s
    JOIN cards c ON c.person_uid = s.person_uid WHERE s.group_uid = :group ORDER BY c.folded"""
MARKS = """SELECT a.membership_uid, a.mark FROM attendance a
    JOIN group_sessions m ON m.uid = a.session_uid
    WHERE m.group_uid = ? AND m.held_at IS NOT NULL ORDER BY m."on", m.at"""
MEETING = f"""SELECT m.*, {STATE}, g.name, g.planned_sessions, p.name AS site
    FROM group_sessions m JOIN groups g ON g.uid = m.group_uid JOIN sites p ON p.uid = g.site_uid
    WHERE m.uid = :uid AND {MAY_SEE}"""
NUMBER = """SELECT sum("on" <= :day) AS number, count(*) AS counting FROM group_sessions
    WHERE group_uid = :group AND missed_at IS NULL AND cancelled_at IS NULL"""
EXPECTED = f"""SELECT s.uid, c.name, c.code, a.mark, EXISTS (SELECT 1 FROM follow_ups f
    WHERE f.session_uid = :meeting AND f.person_uid = s.person_uid AND f.ended_at IS NULL
    AND f.owner_uid = :me) AS flagged, (SELECT group_concat(u.working_name, '، ')
    FROM follow_ups f JOIN users u ON u.uid = f.owner_uid WHERE f.session_uid = :meeting
    AND f.person_uid = s.person_uid AND f.ended_at IS NULL AND f.owner_uid != :me)
    AS followed_up_by
    FROM memberships s JOIN cards c ON c.person_uid = s.person_uid
    LEFT JOIN attendance a ON a.membership_uid = s.uid AND a.session_uid = :meeting
    WHERE s.group_uid = :group AND {COVERS} ORDER BY c.folded"""
COUNTS = f"""SELECT (SELECT count(*) FROM memberships s WHERE s.group_uid = :group AND {COVERS})
    AS expected, (SELECT count(*) FROM attendance a WHERE a.session_uid = :meeting) AS marked"""
NOTES = """SELECT n.uid, n.author_uid, n.signed_at, u.working_name FROM notes n
    JOIN users u ON u.uid = n.author_uid WHERE n.of_uid = :uid AND n.kind = 'note'
    AND (n.signed_at IS NOT NULL OR n.author_uid = :me) ORDER BY n.saved_at"""
OF_MEETING = """SELECT f.person_uid, f.due_on, c.name, c.code, u.working_name FROM follow_ups f
    JOIN cards c ON c.person_uid = f.person_uid JOIN users u ON u.uid = f.owner_uid
    WHERE f.session_uid = ? AND f.ended_at IS NULL ORDER BY f.due_on, f.uid"""
OWN_NOTE = """SELECT n.version, t.* FROM notes n LEFT JOIN texts t ON t.note_uid = n.uid
    WHERE n.of_uid = :uid AND n.author_uid = :me AND n.kind = 'note' AND n.error_at IS NULL"""
LAST_NOTES = """SELECT u.working_name, t.* FROM notes n
    JOIN users u ON u.uid = n.author_uid JOIN texts t ON t.note_uid = n.uid
    WHERE n.kind = 'note' AND n.signed_at IS NOT NULL AND n.error_at IS NULL AND n.of_uid =
    (SELECT m.uid FROM group_sessions m JOIN notes o ON o.of_uid = m.uid
    WHERE m.group_uid = :group AND m."on" < :day AND o.kind = 'note' AND o.signed_at IS NOT NULL
    AND o.error_at IS NULL ORDER BY m."on" DESC LIMIT 1) ORDER BY n.signed_at"""
PERSON = f"""SELECT c.*, {STOPPED} FROM cards c WHERE c.person_uid = :uid AND EXISTS (SELECT 1
    FROM memberships s JOIN groups g ON g.uid = s.group_uid
    WHERE s.person_uid = c.person_uid AND {MAY_SEE})"""
EVENTS = f"""SELECT 'group' AS kind, g.uid, g.name, p.zone, {STAY_STATE},
    coalesce(s.joined_on, s.waiting_at) AS at FROM memberships s
    JOIN groups g ON g.uid = s.group_uid JOIN sites p ON p.uid = g.site_uid
    WHERE s.person_uid = :uid AND {MAY_SEE}
    UNION ALL SELECT 'workshop', u.uid, {TITLE}, p.zone, {SIGN_UP_STATE}, u.signed_up_at
    FROM sign_ups u JOIN workshops w ON w.uid = u.workshop_uid
    JOIN sites p ON p.uid = w.site_uid WHERE u.person_uid = :uid AND {MY_WORKSHOP}
    UNION ALL SELECT 'next', n.membership_uid, g.name, p.zone, n.choice, n.recorded_at
    FROM next_steps n JOIN groups g ON g.uid = n.group_uid JOIN sites p ON p.uid = g.site_uid
    WHERE n.person_uid = :uid AND {MAY_SEE} ORDER BY at DESC"""
FOLLOW_UPS = f"""SELECT f.*, t.what AS thing, u.working_name FROM follow_ups f
    JOIN groups g ON g.uid = f.group_uid
    JOIN things t ON t.follow_up_uid = f.uid JOIN users u ON u.uid = f.owner_uid
    WHERE f.person_uid = :uid AND {MAY_SEE} ORDER BY f.ended_at IS NOT NULL, f.due_on"""
OF_MY_PLACES = """FROM cards c JOIN people p ON p.uid = c.person_uid
    JOIN assignments k ON k.of_uid = p.site_uid AND k.user_uid = :me AND k.ended_at IS NULL"""
PEOPLE = f"SELECT c.* {OF_MY_PLACES} ORDER BY c.folded LIMIT 50"
ALL_PEOPLE = f"SELECT count(*) {OF_MY_PLACES}"
COMING = f"""SELECT m.*, g.name, g.planned_sessions, p.name AS site FROM group_sessions m
    JOIN groups g ON g.uid = m.group_uid JOIN sites p ON p.uid = g.site_uid
    WHERE {MAY_SEE} AND m.starts_at >= :since AND m.missed_at IS NULL AND m.cancelled_at IS NULL
    AND g.completed_at IS NULL AND g.cancelled_at IS NULL ORDER BY m.starts_at LIMIT 8"""
UNSIGNED = """SELECT m.uid, m."on", g.name, n.uid AS note_uid, EXISTS (SELECT 1
    FROM note_remarks r WHERE r.note_uid = n.uid AND r.kind = 'comment') AS returned
    FROM group_sessions m JOIN groups g ON g.uid = m.group_uid
    JOIN assignments a ON a.of_uid = g.uid AND a.user_uid = :me AND a.part = 'facilitator'
    AND a.ended_at IS NULL LEFT JOIN notes n ON n.of_uid = m.uid
    AND n.author_uid = :me AND n.kind = 'note' AND n.error_at IS NULL
    WHERE m.missed_at IS NULL AND m.cancelled_at IS NULL AND (n.uid IS NOT NULL
    OR m.starts_at BETWEEN a.began_at AND :now) AND n.signed_at IS NULL AND n.awaiting_at IS NULL
    AND (returned OR (g.completed_at IS NULL AND g.cancelled_at IS NULL))
    ORDER BY returned DESC, m.starts_at DESC LIMIT 6"""
DUE = f"""SELECT f.*, c.name, c.code, {STOPPED}, t.what AS thing FROM follow_ups f
    JOIN groups g ON g.uid = f.group_uid
    JOIN cards c ON c.person_uid = f.person_uid JOIN things t ON t.follow_up_uid = f.uid
    WHERE f.owner_uid = :me AND f.ended_at IS NULL AND f.due_on <= :until AND {MAY_SEE}
    ORDER BY f.due_on, f.uid LIMIT 50"""
# The workshops to come, and how many of each state there are on their lists.
WORKSHOPS = f"""SELECT w.uid, {TITLE} AS title, w.starts_at, w.seats, w.site, w.zone,
    sum(w.state = 'requested') AS asked, sum(w.state = 'waiting') AS waiting,
    sum(w.state IN ('confirmed', 'offered', 'attended')) AS taken,
    sum(w.state = 'confirmed' AND w.moved_up_at IS NOT NULL AND w.told_at IS NULL) AS untold
    FROM (SELECT w.*, p.name AS site, p.zone, u.moved_up_at, u.told_at, {SIGN_UP_STATE}
    FROM workshops w JOIN sites p ON p.uid = w.site_uid
    LEFT JOIN sign_ups u ON u.workshop_uid = w.uid
    WHERE {MY_WORKSHOP} AND w.starts_at BETWEEN :since AND :fortnight
    AND w.opened_at IS NOT NULL AND w.held_at IS NULL AND w.cancelled_at IS NULL) w
    GROUP BY w.uid ORDER BY w.starts_at LIMIT 8"""
OFFERS = f"""SELECT u.uid, u.offered_until, {TITLE} AS title, p.zone FROM sign_ups u
    JOIN workshops w ON w.uid = u.workshop_uid JOIN sites p ON p.uid = w.site_uid
    WHERE {MY_WORKSHOP} AND u.ended_as IS NULL AND u.came_as IS NULL AND u.confirmed_at IS NULL
    AND u.offered_until BETWEEN :now AND :soon AND w.starts_at BETWEEN :since AND :fortnight
    AND w.opened_at IS NOT NULL AND w.held_at IS NULL AND w.cancelled_at IS NULL
    ORDER BY w.starts_at"""
TAP = """INSERT INTO attendance (session_uid, membership_uid, mark, marked_by, marked_at)
    VALUES (:meeting, :stay, :mark, :me, :now) ON CONFLICT (session_uid, membership_uid)
    DO UPDATE SET mark = :mark, marked_by = :me, marked_at = :now"""
