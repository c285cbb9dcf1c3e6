extension Schema {
  /// An operation that begins anew must not be given the answers of one that was killed before it.
  static let version2 = """
    -- Which request was answered so; 0 in rows of version 1, which answer any.
    ALTER TABLE kv_effects ADD COLUMN request INTEGER NOT NULL DEFAULT 0;
    """
}
