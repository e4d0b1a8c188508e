# RPC::XML as its manual has it: METHOD [PARAMETER…]; prints what came, a line of JSON. A string of digits goes out as an <int>.
use strict;
use warnings;
use JSON::PP;
use RPC::XML;
use RPC::XML::Client;

my $url = shift @ARGV;
my $client = RPC::XML::Client->new($url);
my $answer = $client->send_request(@ARGV);
ref $answer or die "no answer: $answer\n";
print JSON::PP->new->encode(
    $answer->is_fault ? { fault => 0 + $answer->code, text => $answer->string } : { value => $answer->value });
