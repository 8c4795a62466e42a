"""The SQL of the hand-written pages."""

from __future__ import annotations

MAY_SEE = """EXISTS (SELECT 1 FROM assignments a WHERE a.user_uid = :me AND a.ended_at IS NULL
    AND (a.of_uid = g.uid OR a.of_uid = g.site_uid))"""
STATE = """CASE WHEN m.missed_at IS NOT NULL THEN 'missed' WHEN m.cancelled_at IS NOT NULL
    THEN 'cancelled' WHEN m.held_at IS NOT NULL THEN 'held' ELSE 'scheduled' END AS state"""
IN_GROUP = """FROM memberships s JOIN cards c ON c.person_uid = s.person_uid
    WHERE s.group_uid = :group"""
COVERS = "s.joined_on <= :day AND (s.ended_on IS NULL OR s.ended_on >= :day)"

USER = """SELECT u.uid, u.working_name, k.role FROM cookies k JOIN users u ON u.uid = k.user_uid
    WHERE k.cookie = ?"""
GROUP = f"""SELECT g.*, p.name AS site FROM groups g JOIN sites p ON p.uid = g.site_uid
    WHERE g.uid = :uid AND {MAY_SEE}"""
GROUPS = f"""SELECT g.*, p.name AS site, (SELECT min(m."on") FROM group_sessions m
    WHERE m.group_uid = g.uid AND m.starts_at >= :now AND m.missed_at IS NULL
    AND m.cancelled_at IS NULL) AS next_on
    FROM groups g JOIN sites p ON p.uid = g.site_uid WHERE {MAY_SEE}
    ORDER BY g.completed_at IS NOT NULL, g.planned_at DESC"""
MEETINGS = f"""SELECT m.*, {STATE} FROM group_sessions m WHERE m.group_uid = ?
    ORDER BY m."on", m.at"""
TEAM = """SELECT f.part, u.working_name FROM assignments f JOIN users u ON u.uid = f.user_uid
    WHERE f.of_uid = ? AND f.ended_at IS NULL ORDER BY f.part, u.working_name"""
ROSTER = f"SELECT s.*, c.name, c.code {IN_GROUP} AND s.joined_on IS NOT NULL ORDER BY c.folded"
MARKS = """SELECT a.membership_uid, a.mark FROM attendance a
    JOIN group_sessions m ON m.uid = a.session_uid
    WHERE m.group_uid = ? AND m.held_at IS NOT NULL ORDER BY m."on", m.at"""
MEETING = f"""SELECT m.*, g.name, g.planned_sessions, p.name AS site FROM group_sessions m
    JOIN groups g ON g.uid = m.group_uid JOIN sites p ON p.uid = g.site_uid
    WHERE m.uid = :uid AND {MAY_SEE}"""
NUMBER = """SELECT count(*) FROM group_sessions WHERE group_uid = :group AND missed_at IS NULL
    AND cancelled_at IS NULL AND "on" <= :day"""
EXPECTED = f"""SELECT s.uid, c.name, c.code, a.mark, EXISTS (SELECT 1 FROM follow_ups f
    WHERE f.session_uid = :meeting AND f.person_uid = s.person_uid AND f.ended_at IS NULL)
    AS flagged
    FROM memberships s JOIN cards c ON c.person_uid = s.person_uid
    LEFT JOIN attendance a ON a.membership_uid = s.uid AND a.session_uid = :meeting
    WHERE s.group_uid = :group AND {COVERS} ORDER BY c.folded"""
COUNTS = f"""SELECT (SELECT count(*) FROM memberships s WHERE s.group_uid = :group AND {COVERS})
    AS expected, (SELECT count(*) FROM attendance a WHERE a.session_uid = :meeting) AS marked"""
NOTES = """SELECT n.uid, u.working_name FROM notes n JOIN users u ON u.uid = n.author_uid
    WHERE n.of_uid = ? AND n.kind = 'note' AND n.signed_at IS NOT NULL"""
LAST_NOTES = """SELECT u.working_name, t.* FROM notes n
    JOIN users u ON u.uid = n.author_uid JOIN texts t ON t.note_uid = n.uid
    WHERE n.kind = 'note' AND n.signed_at IS NOT NULL AND n.error_at IS NULL AND n.of_uid =
    (SELECT m.uid FROM group_sessions m JOIN notes o ON o.of_uid = m.uid
    WHERE m.group_uid = :group AND m."on" < :day AND o.kind = 'note' AND o.signed_at IS NOT NULL
    AND o.error_at IS NULL ORDER BY m."on" DESC LIMIT 1) ORDER BY n.signed_at"""
PERSON = f"""SELECT c.* FROM cards c WHERE c.person_uid = :uid AND EXISTS (SELECT 1
    FROM memberships s JOIN groups g ON g.uid = s.group_uid
    WHERE s.person_uid = c.person_uid AND {MAY_SEE})"""
STAYS = f"""SELECT s.*, g.name FROM memberships s JOIN groups g ON g.uid = s.group_uid
    WHERE s.person_uid = :uid AND {MAY_SEE} ORDER BY s.joined_on DESC"""
FOLLOW_UPS = """SELECT f.*, t.what AS thing, u.working_name FROM follow_ups f
    JOIN things t ON t.follow_up_uid = f.uid JOIN users u ON u.uid = f.owner_uid
    WHERE f.person_uid = ? ORDER BY f.ended_at IS NOT NULL, f.due_on"""
PEOPLE = """SELECT c.* FROM cards c JOIN people p ON p.uid = c.person_uid
    JOIN assignments k ON k.of_uid = p.site_uid AND k.user_uid = :me AND k.ended_at IS NULL
    ORDER BY c.folded LIMIT 50"""
COMING = f"""SELECT m.*, g.name, g.planned_sessions, p.name AS site FROM group_sessions m
    JOIN groups g ON g.uid = m.group_uid JOIN sites p ON p.uid = g.site_uid
    WHERE {MAY_SEE} AND m.starts_at >= :since AND m.missed_at IS NULL AND m.cancelled_at IS NULL
    AND g.completed_at IS NULL ORDER BY m.starts_at LIMIT 7"""
UNSIGNED = f"""SELECT m.*, g.name, n.draft IS NOT NULL AS draft FROM group_sessions m
    JOIN groups g ON g.uid = m.group_uid LEFT JOIN notes n ON n.of_uid = m.uid
    AND n.author_uid = :me AND n.kind = 'note' AND n.error_at IS NULL
    WHERE {MAY_SEE} AND m.missed_at IS NULL AND m.cancelled_at IS NULL AND m.starts_at <= :now
    AND n.signed_at IS NULL AND g.completed_at IS NULL ORDER BY m.starts_at DESC LIMIT 6"""
DUE = """SELECT f.*, c.name, c.code, t.what AS thing FROM follow_ups f
    JOIN cards c ON c.person_uid = f.person_uid JOIN things t ON t.follow_up_uid = f.uid
    WHERE f.owner_uid = :me AND f.ended_at IS NULL AND f.due_on <= :until
    ORDER BY f.due_on LIMIT 50"""
TAP = """INSERT INTO attendance (session_uid, membership_uid, mark, marked_by, marked_at)
    VALUES (:meeting, :stay, :mark, :me, :now) ON CONFLICT (session_uid, membership_uid)
    DO UPDATE SET mark = :mark, marked_by = :me, marked_at = :now"""
