import Testing

@testable import Egress

@Suite struct AddressPolicyTests {
  @Test(arguments: [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
    "127.255.0.1",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "fc00::1", "fd12:3456::1", "fe80::1", "febf::1",
    "fec0::1",
    "ff02::1", "2001::1", "2001:0:5ef5:79fd::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "4000::1",
    "5f00::1",
  ])
  func privateAndReservedAddressesAreRefused(_ text: String) throws {
    let address = try #require(SocketAddress(text, port: 443))
    #expect(!AddressPolicy().allows(address))
  }

  @Test(arguments: [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
    "128.0.0.1",
    "169.253.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "192.167.0.1", "198.17.0.1", "198.20.0.1",
    "223.255.255.255",
    "2606:4700::1111", "2a00:1450:4001::200e", "2001:4860:4860::8888", "2001:200::1", "64:ff9b::8.8.8.8",
  ])
  func publicAddressesAreAllowed(_ text: String) throws {
    let address = try #require(SocketAddress(text, port: 443))
    #expect(AddressPolicy().allows(address))
  }

  @Test func exactlyTheMappedAddressIsExempt() throws {
    let policy = AddressPolicy(mapped: SocketAddress("127.0.0.1", port: 4443))
    #expect(policy.allows(try #require(SocketAddress("127.0.0.1", port: 4443))))
    #expect(!policy.allows(try #require(SocketAddress("127.0.0.1", port: 4444))))
    #expect(!policy.allows(try #require(SocketAddress("127.0.0.2", port: 4443))))
    #expect(!policy.allows(try #require(SocketAddress("::1", port: 4443))))
    #expect(!policy.allows(try #require(SocketAddress("::ffff:127.0.0.1", port: 4443))))
  }

  @Test(arguments: [
    "", "localhost", "127.1", "127.0.0.256", "127.0.0.01", "1.2.3.4.5", "0x7f.0.0.1", "1.2.3.", ":::",
    "1::2::3", "[::1]",
    "fe80::1%eth0", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::1.2.3", "1:2:3:4:5:6:7:8::",
  ])
  func onlyPlainAddressesAreRead(_ text: String) { #expect(SocketAddress(text, port: 1) == nil) }

  @Test func addressesAreReadInNetworkOrder() {
    #expect(SocketAddress("1.2.3.4", port: 1)?.bytes == [1, 2, 3, 4])
    #expect(
      SocketAddress("1::ff:2", port: 1)?.bytes == [0, 1] + Array(repeating: 0, count: 10) + [0, 255, 0, 2])
    #expect(SocketAddress(bytes: [1, 2, 3], port: 1) == nil)
  }
}
